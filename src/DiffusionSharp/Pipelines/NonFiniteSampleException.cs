namespace DiffusionSharp;

/// <summary>A step produced NaN or infinity, so the rest of the generation would be wasted.</summary>
public sealed class NonFiniteSampleException : ArithmeticException
{
    internal NonFiniteSampleException(int step, double timestep)
        : base($"Step {step} (timestep {timestep}) produced values that are not finite. Usual causes: a float16 model that overflows, a scheduler whose prediction type is not the model's, or a damaged model file.")
    {
        Step = step;
        Timestep = timestep;
    }

    /// <summary>The step, counted from 1.</summary>
    public int Step { get; }

    /// <summary>Its timestep, in training units.</summary>
    public double Timestep { get; }
}
