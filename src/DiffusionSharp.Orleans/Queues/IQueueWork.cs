namespace DiffusionSharp.Orleans;

/// <summary>The side of a queue that jobs and silos see.</summary>
[Alias("DiffusionSharp.IQueueWork")]
internal interface IQueueWork : IGrainWithStringKey
{
    /// <summary>Puts a job at the end of its tenant's line, unless the queue has it.</summary>
    [ResponseTimeout(Timeouts.Call)]
    [Alias("Enqueue")]
    Task EnqueueAsync(string job, string tenant);

    /// <summary>Waits a few seconds for work.</summary>
    /// <returns>Whether there is any. It is nobody's until it is taken.</returns>
    [ResponseTimeout(Timeouts.Call)]
    [Alias("WaitForWork")]
    Task<bool> WaitForWorkAsync();

    /// <summary>Gives the next job to a silo, for as long as it renews the lease.</summary>
    /// <returns>The job; null where none waits.</returns>
    [ResponseTimeout(Timeouts.Call)]
    [Alias("Take")]
    Task<string?> TakeAsync(string silo);

    /// <summary>Renews the leases of the jobs that a silo works on.</summary>
    /// <returns>Those that are no longer its own: cancelled, ended, or given to another.</returns>
    [ResponseTimeout(Timeouts.Call)]
    [Alias("Renew")]
    Task<string[]> RenewAsync(string silo, string[] jobs);

    /// <summary>Takes a job back from a silo: to the beginning of its tenant's line, or to the end where it failed.</summary>
    [ResponseTimeout(Timeouts.Call)]
    [Alias("Return")]
    Task ReturnAsync(string job, string silo, bool isFirst);

    /// <summary>Takes all jobs back from a silo but those that it has: it was given another, and the answer was lost.</summary>
    [ResponseTimeout(Timeouts.Call)]
    [Alias("ReturnOthers")]
    Task ReturnOthersAsync(string silo, string[] jobs);

    /// <summary>Forgets a job that has ended.</summary>
    [ResponseTimeout(Timeouts.Call)]
    [Alias("Remove")]
    Task RemoveAsync(string job);
}
