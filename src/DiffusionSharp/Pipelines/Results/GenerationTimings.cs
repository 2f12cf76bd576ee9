namespace DiffusionSharp;

/// <summary>Where the time of a generation went.</summary>
/// <param name="Encoding">Text encoding, image encoding and preparation of the model.</param>
/// <param name="Denoising">All steps.</param>
/// <param name="Decoding">The latent decoder.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="EvaluationsPerImage">How often the noise predictor was evaluated for one picture; with guidance twice per step.</param>
public sealed record GenerationTimings(TimeSpan Encoding, TimeSpan Denoising, TimeSpan Decoding, int Steps, int EvaluationsPerImage)
{
    /// <summary>The sum of the parts.</summary>
    public TimeSpan Total => Encoding + Denoising + Decoding;
}
