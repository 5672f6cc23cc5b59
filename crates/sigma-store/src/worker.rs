//! A thread that owns one connection and does one job after another.

use rusqlite::Connection;
use std::{io, thread};
use tokio::sync::{mpsc, oneshot};

use crate::fault::{StoreFault, Trouble};

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// Jobs that may wait before callers have to.
const QUEUE: usize = 256;

#[derive(Debug)]
pub(crate) struct Worker {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Worker {
    pub(crate) fn start(name: &str, mut connection: Connection) -> io::Result<Self> {
        let (jobs, mut queue) = mpsc::channel::<Job>(QUEUE);
        let work = move || {
            while let Some(job) = queue.blocking_recv() {
                job(&mut connection);
            }
        };
        let thread = thread::Builder::new().name(name.to_owned()).spawn(work)?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Does a job. One whose caller has gone away before its turn is left out.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            if !answer.is_closed() {
                // a caller that goes away meanwhile does not undo what was done
                drop(answer.send(job(connection)));
            }
        });
        let stopped = || Trouble::Fault(StoreFault::Stopped);
        let jobs = self.jobs.as_ref().ok_or_else(stopped)?;
        jobs.send(job).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

impl Drop for Worker {
    /// Waits for the jobs that were accepted, so that the file is closed in order.
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // a thread that panicked has closed its connection already
            drop(thread.join());
        }
    }
}
