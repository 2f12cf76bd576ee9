namespace DiffusionSharp.Hosting;

/// <summary>How far a pipeline is.</summary>
public enum PipelineState
{
    /// <summary>Nobody has asked for it yet.</summary>
    NotLoaded,

    /// <summary>It is being loaded and warmed up.</summary>
    Loading,

    /// <summary>It generates.</summary>
    Ready,

    /// <summary>It could not be loaded; whoever asks for it next tries again.</summary>
    Failed,
}
