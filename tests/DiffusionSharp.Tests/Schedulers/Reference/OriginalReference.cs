using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Schedulers.Reference;

/// <summary>x_0 as a prediction implies it, in the formulas of the papers.</summary>
internal static class OriginalReference
{
    /// <summary>Classifier-free guidance, eq. 6 of arXiv:2207.12598 with its w + 1 written w.</summary>
    public static Approximate[] Guided(StepCase c)
    {
        float[] conditional = c.Conditional;
        float[] unconditional = c.Unconditional;
        return c.GuidanceScale is not { } w
            ? Array.ConvertAll(conditional, p => (Approximate)p)
            : [.. conditional.Select((p, i) => ((Approximate)w * p) - ((Approximate)(w - 1) * unconditional[i]))];
    }

    /// <summary>x_0 before clipping: eq. 15 of arXiv:2006.11239, or what the other prediction types say directly (arXiv:2202.00512, appendix D).</summary>
    public static Approximate Original(PredictionType type, double alphaBar, Approximate x, Approximate prediction)
    {
        Approximate signal = Approximate.Sqrt(alphaBar);
        Approximate noise = Approximate.Sqrt((Approximate)1 - alphaBar);
        return type switch
        {
            PredictionType.Epsilon => (x - (noise * prediction)) / signal,
            PredictionType.Sample => prediction,
            PredictionType.Velocity => (signal * x) - (noise * prediction),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
    }

    /// <summary>The noise that a prediction implies, without clipping.</summary>
    public static Approximate Noise(PredictionType type, double alphaBar, Approximate x, Approximate prediction)
    {
        Approximate signal = Approximate.Sqrt(alphaBar);
        Approximate noise = Approximate.Sqrt((Approximate)1 - alphaBar);
        return type switch
        {
            PredictionType.Epsilon => prediction,
            PredictionType.Sample => (x - (signal * prediction)) / noise,
            PredictionType.Velocity => (signal * prediction) + (noise * x),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
    }

    /// <summary>x_0 of the whole batch, clipped image by image.</summary>
    public static Approximate[] Clipped(StepCase c, int timestep)
    {
        Approximate[] prediction = Guided(c);
        float[] sample = c.Sample;
        double alphaBar = c.AlphaBar(timestep);
        Approximate[] original = [.. sample.Select((x, i) => Original(c.PredictionType, alphaBar, x, prediction[i]))];
        return [.. original.Chunk(c.Shape.ImageLength).SelectMany(c.Thresholding.Apply)];
    }
}
