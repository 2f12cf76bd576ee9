namespace DiffusionSharp.Hosting;

/// <summary>The application is stopping: a generation was saved to a checkpoint, from which it goes on when it is asked for again.</summary>
public sealed class GenerationInterruptedException : OperationCanceledException
{
    internal GenerationInterruptedException(string checkpointPath, CancellationToken stopping)
        : base($"The application is stopping; the generation was saved to '{checkpointPath}'.", stopping)
    {
        CheckpointPath = checkpointPath;
    }

    /// <summary>Where the checkpoint is.</summary>
    public string CheckpointPath { get; }
}
