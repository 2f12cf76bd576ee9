using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

/// <summary>
/// Data that are a mixture of two normal distributions, value by value, for which the optimal noise predictor is known exactly, and
/// with it the probability-flow ODE that samplers approximate: <c>dx/dσ = (x - E[x_0 | x])/σ</c> for <c>x = x_0 + σ·ε</c>.
/// </summary>
internal sealed class MixtureModel(NoiseSchedule schedule)
{
    private const double Spread = 0.4;

    private static readonly (double Weight, double Mean)[] Parts = [(0.6, -0.8), (0.4, 0.9)];

    // Where the ODE has as good as ended.
    private const double Smallest = 1e-3;

    private readonly Dictionary<(double Start, double End), double[]> _exactEnds = [];

    public static SampleShape Shape { get; } = new(1, 1, 16, 16);

    /// <summary>σ at a fractional timestep.</summary>
    public double SigmaAt(double timestep)
    {
        int below = Math.Clamp((int)timestep, 0, schedule.TrainingTimesteps - 2);
        return Sigma(below) + ((timestep - below) * (Sigma(below + 1) - Sigma(below)));
    }

    /// <summary>The optimal prediction of ε for the model's input, which has unit variance at every noise level.</summary>
    public static void Predict(ReadOnlySpan<float> input, double sigma, Span<float> prediction)
    {
        double scale = Math.Sqrt(1 + (sigma * sigma));
        for (int i = 0; i < input.Length; i++)
        {
            double x = input[i] * scale;
            prediction[i] = (float)((x - Expected(x, sigma)) / sigma);
        }
    }

    /// <summary>Where the ODE leads from x at one noise level to another, by fourth-order Runge-Kutta in log σ.</summary>
    public static double Solve(double x, double from, double to)
    {
        const int steps = 1500;
        double step = (Math.Log(to) - Math.Log(from)) / steps;
        for (int i = 0; i < steps; i++)
        {
            double log = Math.Log(from) + (i * step);
            double k1 = Slope(x, log);
            double k2 = Slope(x + (step / 2 * k1), log + (step / 2));
            double k3 = Slope(x + (step / 2 * k2), log + (step / 2));
            double k4 = Slope(x + (step * k3), log + step);
            x += step / 6 * (k1 + (2 * k2) + (2 * k3) + k4);
        }

        return x;
    }

    /// <summary>Root mean square distance between where a scheduler ends and where the ODE ends, and the model calls it took.</summary>
    public (double Error, int Calls) ErrorOf(IScheduler scheduler, int steps)
    {
        ISchedulerRun run = scheduler.Start(new SamplingPlan(steps, Shape));
        double start = SigmaAt(run.LevelAt(0).Timestep);
        return (Error(run, run.CallCount, start, Smallest, call => SigmaAt(run.LevelAt(call).Timestep)), run.CallCount);
    }

    /// <summary>
    /// The same for the method alone: asked at the exact noise levels of the run and not at the timesteps they are rounded to, and compared
    /// where the last step, to no noise at all and of first order in every method, begins.
    /// </summary>
    public (double Error, int Calls) ErrorOfMethod(IScheduler scheduler, int steps)
    {
        ISchedulerRun run = scheduler.Start(new SamplingPlan(steps, Shape));
        int calls = run.CallCount - 1;
        return (Error(run, calls, SigmaOf(0), SigmaOf(calls), SigmaOf), calls);

        double SigmaOf(int call) => run.LevelAt(call).Sigma / run.LevelAt(call).Alpha;
    }

    // Samplers of either convention start from the same x = x_0 + σ·ε; half of them keep it divided by sqrt(1 + σ²).
    private double Error(ISchedulerRun run, int calls, double start, double end, Func<int, double> sigmaOf)
    {
        var noise = new TorchCpuNoise(0);
        var sample = new float[Shape.Length];
        noise.Fill(sample);
        double[] exact = ExactEnds(sample, start, end);
        bool explodes = run.InitialNoiseScale > 1.5;
        float factor = (float)(explodes ? start : start / Math.Sqrt(1 + (start * start)));
        sample = Array.ConvertAll(sample, e => e * factor);

        var input = new float[sample.Length];
        var prediction = new float[sample.Length];
        for (int i = 0; i < calls; i++)
        {
            run.PrepareInput(i, sample, input, noise);
            Predict(input, sigmaOf(i), prediction);
            run.Step(i, new GuidedPrediction(prediction), sample, sample, noise);
        }

        double unit = explodes || end == Smallest ? 1 : Math.Sqrt(1 + (end * end));
        double square = 0;
        for (int i = 0; i < sample.Length; i++)
        {
            square += Math.Pow((sample[i] * unit) - exact[i], 2);
        }

        return Math.Sqrt(square / sample.Length);
    }

    // The noise is the same every time, so the answer is too for every scheduler that starts and ends at the same levels.
    private double[] ExactEnds(float[] noise, double start, double end)
    {
        if (!_exactEnds.TryGetValue((start, end), out double[]? ends))
        {
            ends = Array.ConvertAll(noise, e => Solve(e * start, start, end));
            _exactEnds[(start, end)] = ends;
        }

        return ends;
    }

    private static double Slope(double x, double logSigma) => x - Expected(x, Math.Exp(logSigma));

    private static double Expected(double x, double sigma)
    {
        double variance = (Spread * Spread) + (sigma * sigma);
        double total = 0;
        double sum = 0;
        double largest = Parts.Max(part => -Math.Pow(x - part.Mean, 2) / (2 * variance));
        foreach ((double weight, double mean) in Parts)
        {
            double likelihood = weight * Math.Exp((-Math.Pow(x - mean, 2) / (2 * variance)) - largest);
            total += likelihood;
            sum += likelihood * (mean + (Spread * Spread / variance * (x - mean)));
        }

        return sum / total;
    }

    private double Sigma(int timestep) => Math.Sqrt((1 - (double)schedule.AlphaBar[timestep]) / schedule.AlphaBar[timestep]);
}
