use sigma_interop::{MemoryShare, Quarantined};
use sigma_memory::{Memory, MemoryLayer};

fn taken_out(pushed: Quarantined<MemoryShare>) -> MemoryLayer {
    pushed.into_inner().memory_layer
}

fn remembered(memory: &mut Memory, pushed: &Quarantined<MemoryShare>) {
    memory.append(pushed.inspect().memory_layer.clone());
}

fn main() {}
