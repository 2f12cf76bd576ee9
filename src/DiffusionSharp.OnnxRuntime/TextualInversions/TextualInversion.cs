namespace DiffusionSharp.OnnxRuntime;

/// <summary>A file with vectors of a new word (textual inversion, arXiv:2208.01618).</summary>
/// <param name="Path">A safetensors file as diffusers or the web UIs write it.</param>
/// <param name="Token">The word as prompts have it; null for what the file says, or else the file's name without its ending.</param>
public sealed record TextualInversion(string Path, string? Token = null);
