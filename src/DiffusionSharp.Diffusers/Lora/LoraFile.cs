namespace DiffusionSharp.Diffusers;

/// <summary>A file of changes to a model's weights (LoRA, arXiv:2106.09685, and its kin).</summary>
/// <param name="Path">A safetensors file with names as diffusers or kohya's trainer writes them.</param>
/// <param name="Scale">How much of the change is made: 1 is all of it, 0 is none, and a negative number the opposite.</param>
public sealed record LoraFile(string Path, float Scale = 1);
