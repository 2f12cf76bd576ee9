namespace DiffusionSharp.Guidance;

/// <summary>How the two predictions of classifier-free guidance are made.</summary>
public enum GuidanceBatching
{
    /// <summary>In one model call of twice the batch.</summary>
    OneCall,

    /// <summary>In two model calls, which need less memory at a time, and suit models that were exported for a batch of 1.</summary>
    TwoCalls,
}
