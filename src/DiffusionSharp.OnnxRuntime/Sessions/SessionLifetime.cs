namespace DiffusionSharp.OnnxRuntime;

/// <summary>How long a model stays in memory.</summary>
public enum SessionLifetime
{
    /// <summary>From when its part is made until it is disposed.</summary>
    KeepLoaded,

    /// <summary>
    /// While a generation uses it: a text encoder while it encodes, a noise predictor from the first step to the last, a decoder while it
    /// decodes. Each use after that loads the file again.
    /// </summary>
    UnloadAfterUse,
}
