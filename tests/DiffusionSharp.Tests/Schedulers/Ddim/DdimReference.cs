using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.Ddim;

/// <summary>The generative process of arXiv:2010.02502, whose α is the others' ᾱ.</summary>
internal static class DdimReference
{
    /// <summary>eq. 12: predicted x_0, direction pointing to x_t, random noise.</summary>
    public static Approximate[] Step(StepCase c, DdimOptions options, int timestep, double alphaBarNext)
    {
        double alphaBar = options.Schedule.AlphaBar[timestep];
        Approximate sigma = Sigma(options.Eta, alphaBar, alphaBarNext);
        Approximate direction = Approximate.Sqrt((Approximate)1 - alphaBarNext - (sigma * sigma));

        float[] sample = c.Sample;
        float[] noise = c.Noise;
        Approximate[] prediction = OriginalReference.Guided(c);
        Approximate[] original = OriginalReference.Clipped(c, timestep);
        return [.. sample.Select((x, i) =>
        {
            Approximate epsilon = options.UseClippedModelOutput
                ? (x - (Approximate.Sqrt(alphaBar) * original[i])) / Approximate.Sqrt((Approximate)1 - alphaBar)
                : OriginalReference.Noise(options.PredictionType, alphaBar, x, prediction[i]);
            return (Approximate.Sqrt(alphaBarNext) * original[i]) + (direction * epsilon) + (sigma * noise[i]);
        })];
    }

    /// <summary>eq. 16.</summary>
    public static Approximate Sigma(double eta, double alphaBar, double alphaBarNext) =>
        eta * Approximate.Sqrt(((Approximate)1 - alphaBarNext) / ((Approximate)1 - alphaBar) * ((Approximate)1 - ((Approximate)alphaBar / alphaBarNext)));
}
