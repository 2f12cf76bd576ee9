using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Sampling;

/// <summary>
/// A classifier of normal data that has seen y = x_0 + N(0, τ²): what it says of a noisy sample, and the data that are left once y is known.
/// </summary>
/// <remarks>
/// For an input α·x_0 + σ·ε, x_0 is N(m, v) with m = E[x_0 | input], v = s²σ²/D and D = α²s² + σ², so p(y | input) = N(m, v + τ²), and
/// ∇ log p(y | input) = (y - m)/(v + τ²)·αs²/D.
/// </remarks>
internal sealed record GaussianClassifier(GaussianData Data, double Seen, double Deviation) : IClassifier
{
    /// <summary>The data given y: both normal, precisions add.</summary>
    public GaussianData Posterior
    {
        get
        {
            double precision = (1 / (Data.Deviation * Data.Deviation)) + (1 / (Deviation * Deviation));
            double mean = ((Data.Mean / (Data.Deviation * Data.Deviation)) + (Seen / (Deviation * Deviation))) / precision;
            return new GaussianData(mean, Math.Sqrt(1 / precision));
        }
    }

    public IClassifierRun Start(GuidancePlan plan) => new Run(this);

    private sealed class Run(GaussianClassifier classifier) : IClassifierRun
    {
        public void Gradient(ReadOnlySpan<float> input, in StepPoint at, Span<float> gradient)
        {
            (double alpha, double sigma) = (at.Level.Alpha, at.Level.Sigma);
            double variance = classifier.Data.Deviation * classifier.Data.Deviation;
            double total = (alpha * alpha * variance) + (sigma * sigma);
            double spread = (variance * sigma * sigma / total) + (classifier.Deviation * classifier.Deviation);
            for (int i = 0; i < input.Length; i++)
            {
                double mean = classifier.Data.Mean + (alpha * variance * (input[i] - (alpha * classifier.Data.Mean)) / total);
                gradient[i] = (float)((classifier.Seen - mean) / spread * alpha * variance / total);
            }
        }

        public void Dispose()
        {
        }
    }
}
