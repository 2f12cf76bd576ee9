using DiffusionSharp.Noise;

namespace DiffusionSharp.OnnxRuntime.Tests.Support;

/// <summary>
/// DDIM with eta 0 (arXiv:2010.02502, eq. 12) over the fixtures' linear noise predictor, with classifier-free guidance, in double and
/// written down as the papers have it; beside each value how far rounding can have carried another implementation.
/// </summary>
internal sealed class SamplingByHand
{
    private readonly double[] _alphaBar = ScaledLinearAlphaBar();

    /// <summary>Whether the network predicts v instead of the noise.</summary>
    public bool PredictsVelocity { get; init; }

    public int StepsOffset { get; init; }

    /// <summary>Whether the last step goes to alpha bar 1, not to that of timestep 0.</summary>
    public bool SetAlphaToOne { get; init; }

    /// <summary>How far one prediction of the network can be off.</summary>
    public required double PredictionError { get; init; }

    /// <summary>Mean of the prompt's context, which the network adds to its prediction.</summary>
    public double Conditional { get; init; }

    /// <summary>Mean of the negative prompt's context.</summary>
    public double Unconditional { get; init; }

    public double Guidance { get; init; } = 1;

    /// <summary>PyTorch's noise of some seeds, one draw each.</summary>
    public static double[] Noise(int imageLength, params ReadOnlySpan<long> seeds)
    {
        var noise = new double[seeds.Length * imageLength];
        for (int i = 0; i < seeds.Length; i++)
        {
            var image = new float[imageLength];
            new TorchCpuNoise(seeds[i]).Fill(image);
            Array.ConvertAll(image, x => (double)x).CopyTo(noise, i * imageLength);
        }

        return noise;
    }

    /// <summary>The latents that a generation of so many steps ends with, and how far it may be off.</summary>
    /// <param name="start">The sample that the first step begins with.</param>
    /// <param name="steps">Steps of the whole grid.</param>
    /// <param name="first">Steps of it to leave out.</param>
    public (double[] Latents, double Tolerance) Run(double[] start, int steps, int first = 0)
    {
        double[] x = [.. start];

        // float32 input.
        double error = 1e-6;
        for (int i = first; i < steps; i++)
        {
            int t = Timestep(i, steps);
            (double ofSample, double ofPrediction) = Coefficients(_alphaBar[t], AlphaBarAfter(t - (1000 / steps)));
            double context = Unconditional + (Guidance * (Conditional - Unconditional));
            for (int j = 0; j < x.Length; j++)
            {
                double prediction = (x[j] / 2) + (t / 1024.0) + context;
                x[j] = (ofSample * x[j]) + (ofPrediction * prediction);
            }

            // u + w·(c - u) carries the errors of two predictions, each of x/2; the step itself rounds to float32.
            double ofGuidance = Guidance > 1 ? (2 * Guidance) - 1 : 1;
            error = (ofSample * error) + (Math.Abs(ofPrediction) * ((error / 2) + (ofGuidance * PredictionError))) + (1e-6 * x.Max(Math.Abs));
        }

        return (x, error);
    }

    /// <summary>A clean sample at the noise level of a step: sqrt(alpha bar)·x_0 + sqrt(1 - alpha bar)·noise.</summary>
    public double[] AddNoise(double[] original, double[] noise, int steps, int first)
    {
        double alphaBar = _alphaBar[Timestep(first, steps)];
        return [.. original.Zip(noise, (x, e) => (Math.Sqrt(alphaBar) * x) + (Math.Sqrt(1 - alphaBar) * e))];
    }

    // Leading spacing.
    private int Timestep(int index, int steps) => ((steps - 1 - index) * (1000 / steps)) + StepsOffset;

    private double AlphaBarAfter(int timestep) => timestep >= 0 ? _alphaBar[timestep] : SetAlphaToOne ? 1 : _alphaBar[0];

    // x_0 and the noise from the sample and the prediction, put together again at the next noise level.
    private (double OfSample, double OfPrediction) Coefficients(double alphaBar, double next)
    {
        (double signal, double noise) = (Math.Sqrt(alphaBar), Math.Sqrt(1 - alphaBar));
        (double nextSignal, double nextNoise) = (Math.Sqrt(next), Math.Sqrt(1 - next));
        return PredictsVelocity
            ? ((nextSignal * signal) + (nextNoise * noise), (nextNoise * signal) - (nextSignal * noise))
            : (nextSignal / signal, nextNoise - (nextSignal * noise / signal));
    }

    private static double[] ScaledLinearAlphaBar()
    {
        var alphaBar = new double[1000];
        double product = 1;
        for (int t = 0; t < 1000; t++)
        {
            double root = Math.Sqrt(0.00085) + (t / 999.0 * (Math.Sqrt(0.012) - Math.Sqrt(0.00085)));
            product *= 1 - (root * root);
            alphaBar[t] = product;
        }

        return alphaBar;
    }
}
