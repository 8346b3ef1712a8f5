# Starting and stopping the local installation: packaging/local does the work.
