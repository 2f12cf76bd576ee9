using System.Numerics.Tensors;

namespace DiffusionSharp;

/// <summary>Where the outputs of parts come in: what is not finite goes no further.</summary>
internal static class Finite
{
    public const string TextEncoder = "the text encoder";
    public const string LatentEncoder = "the latent encoder";
    public const string LatentDecoder = "the latent decoder";
    public const string NoisePredictor = "the noise predictor";
    public const string Scheduler = "the scheduler";

    /// <summary>The tensor, when all of it is finite.</summary>
    /// <exception cref="NonFiniteSampleException">It is not; the message names the part.</exception>
    public static Tensor<float> Require(Tensor<float> output, string part)
    {
        if (!TensorPrimitives.IsFiniteAll(output.Values()))
        {
            throw new NonFiniteSampleException(part);
        }

        return output;
    }

    /// <summary>Checks what a part returned in a step. Allocates nothing.</summary>
    /// <param name="values">The values; may be empty.</param>
    /// <param name="part">The part, in words.</param>
    /// <param name="step">The step, counted from 1.</param>
    /// <param name="timestep">Its timestep.</param>
    /// <exception cref="NonFiniteSampleException">They are not finite; the message names the part and the step.</exception>
    public static void Require(ReadOnlySpan<float> values, string part, int step, double timestep)
    {
        if (!values.IsEmpty && !TensorPrimitives.IsFiniteAll(values))
        {
            throw new NonFiniteSampleException(part, step, timestep);
        }
    }
}
