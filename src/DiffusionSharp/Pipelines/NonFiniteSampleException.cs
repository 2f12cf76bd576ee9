namespace DiffusionSharp;

/// <summary>A part of the pipeline returned NaN or infinity, so the rest of the generation would be wasted, or the picture black.</summary>
public sealed class NonFiniteSampleException : ArithmeticException
{
    /// <summary>Creates the exception for a part outside of the steps.</summary>
    /// <param name="part">The part, in words: "the latent decoder".</param>
    public NonFiniteSampleException(string part)
        : base($"{Capital(part)} returned values that are not finite. Usual causes: a float16 model that overflows (try float32), or a damaged model file.") => Part = part;

    /// <summary>Creates the exception for a part in a step.</summary>
    /// <param name="part">The part, in words: "the noise predictor".</param>
    /// <param name="step">The step, counted from 1.</param>
    /// <param name="timestep">Its timestep, in training units.</param>
    public NonFiniteSampleException(string part, int step, double timestep)
        : base($"{Capital(part)} returned values that are not finite in step {step} (timestep {timestep}). Usual causes: a float16 model that overflows, a scheduler whose prediction type is not the model's, or a damaged model file.") =>
        (Part, Step, Timestep) = (part, step, timestep);

    /// <summary>The part that returned them, in words: "the noise predictor", "the scheduler", "the latent decoder" and so on.</summary>
    public string Part { get; }

    /// <summary>The step, counted from 1; null outside of the steps.</summary>
    public int? Step { get; }

    /// <summary>Its timestep, in training units; null outside of the steps.</summary>
    public double? Timestep { get; }

    private static string Capital(string part) => part.Length == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..];
}
