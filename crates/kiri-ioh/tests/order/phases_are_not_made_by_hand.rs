use kiri_ioh::handshake::Announced;

fn phase() -> Announced {
    Announced(())
}

fn main() {}
