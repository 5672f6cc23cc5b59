//! `sigma serve`.

use crate::{
    assemble,
    cli::{
        args::Serve,
        exit::{Exit, Failure},
        terminal,
    },
    exchange, interop,
    serve::{self, Service},
    settings::Loaded,
};
use sigma_core::clock::SystemClock;
use std::{sync::Arc, time::Duration};
use tokio::{net::TcpListener, runtime::Builder, signal};

pub(crate) fn run(args: &Serve, loaded: &Loaded) -> Result<Exit, Failure> {
    terminal::log();
    let mut settings = loaded.settings.clone();
    args.model.apply(&mut settings.model);
    if let Some(bind) = &args.bind {
        settings.server.bind.clone_from(bind);
    }
    if let Some(store) = &args.store {
        settings.store.path.clone_from(store);
    }
    let executor = Builder::new_multi_thread().enable_all().build()?;
    executor.block_on(async {
        let model = assemble::model(&settings.model)?;
        let name = model.name().to_owned();
        let clock = Arc::new(SystemClock::default());
        let runtime = Arc::new(assemble::runtime(&settings).await?);
        let service = Service {
            runtime: Arc::clone(&runtime),
            model,
            identity: settings.session.identity.clone(),
            fixed_model: settings.model.url.is_empty() || !settings.model.name.is_empty(),
            clock: clock.clone(),
        };
        let gateway = interop::open(&settings, clock.clone())?.map(Arc::new);
        let exchange = exchange::open(&settings, runtime, clock)?.map(Arc::new);
        let receiver = interop::receiver(&settings.interop.signals_url)?;
        let bind = settings.server.bind.as_str();
        let refused = |source| Failure::Bind {
            address: bind.into(),
            source,
        };
        let listener = TcpListener::bind(bind).await.map_err(refused)?;
        let address = listener.local_addr()?;
        let store = &settings.store.path;
        terminal::note(format_args!(
            "http://{address}/v1 with model {name}, sessions in {store}"
        ));
        if let Some(gateway) = &gateway {
            let path = gateway.gateway().store().path().display();
            terminal::note(format_args!(
                "outside systems bind at http://{address}/api/public/handshake, ledger in {path}"
            ));
            tokio::spawn(interop::signals::deliver(Arc::clone(gateway), receiver));
        }
        if let Some(exchange) = &exchange {
            let path = exchange.store().path().display();
            let id = exchange.identity().runtime_id();
            terminal::note(format_args!(
                "runtime {id} exchanges state at http://{address}/field/state, peers in {path}"
            ));
            tokio::spawn(exchange::federation::attend(Arc::clone(exchange)));
        }
        let router = serve::router_of(
            service,
            &settings.server,
            gateway.as_ref(),
            exchange.as_ref(),
        );
        let stalled = Duration::from_secs(settings.exchange.stalled_seconds);
        serve::serve_for(listener, router, stalled, stop()).await?;
        Ok(Exit::Fine)
    })
}

/// Resolves when the process is asked to end.
async fn stop() {
    let interrupted = async { drop(signal::ctrl_c().await) };
    #[cfg(unix)]
    {
        let Ok(mut terminated) = signal::unix::signal(signal::unix::SignalKind::terminate()) else {
            return interrupted.await;
        };
        tokio::select! {
            () = interrupted => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    interrupted.await;
}
