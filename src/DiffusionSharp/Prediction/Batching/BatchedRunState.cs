namespace DiffusionSharp.Prediction;

/// <summary>Where the prediction of a generation is.</summary>
internal enum BatchedRunState
{
    /// <summary>None was asked for, or it has been answered.</summary>
    Idle,

    /// <summary>It waits for a call.</summary>
    Queued,

    /// <summary>It is in the call in progress.</summary>
    Running,
}
