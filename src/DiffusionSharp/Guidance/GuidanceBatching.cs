namespace DiffusionSharp.Guidance;

/// <summary>How the predictions that a guidance needs are made.</summary>
public enum GuidanceBatching
{
    /// <summary>In one model call of several times the batch, where they are of the same network and their conditions have the same shapes.</summary>
    OneCall,

    /// <summary>In a model call each, which needs less memory at a time, and suits models that were exported for a batch of 1.</summary>
    CallEach,
}
