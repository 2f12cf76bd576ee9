namespace DiffusionSharp.OnnxRuntime;

/// <summary>Which layer of a text encoder a network is conditioned on.</summary>
public enum ContextLayer
{
    /// <summary>The last one, normed: Stable Diffusion, Flux, PixArt.</summary>
    Last,

    /// <summary>The one before the last, as it is: SDXL, Stable Diffusion 3.</summary>
    Penultimate,

    /// <summary>The last one as it is before its norm: Stable Diffusion's latent upscaler.</summary>
    LastAsItIs,
}
