using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

internal sealed class FlowMatchHeunRun : FlowRun
{
    // σ̂ is at most this many times σ above it (arXiv:2206.00364, algorithm 2).
    private static readonly double MaximumGamma = Math.Sqrt(2) - 1;

    private readonly FlowMatchHeunOptions _options;

    // How far the last prediction step went; 0 when the next step is a prediction step.
    private double _advance;

    public FlowMatchHeunRun(FlowMatchHeunOptions options, SamplingPlan plan)
        : base(Lay(options, plan), new StepKernel(plan.Shape, SampleClipping.None, options.Churn > 0, history: 1), options.TrainingTimesteps) => _options = options;

    public override int StepOf(int call) => call / 2;

    public override int FirstCallOf(int step) => Math.Min(2 * step, CallCount);

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        double sigma = SigmaAt(call);
        bool corrects = _advance != 0;
        double start = corrects ? Sigmas[call - 1] : sigma;
        double gamma = start >= _options.ChurnMinimum && start <= _options.ChurnMaximum ? Math.Min(_options.Churn / (Sigmas.Count - 1), MaximumGamma) : 0;

        // Noise is drawn for the correction too, where it has no effect, as the reference implementation draws it.
        Span<float> z = gamma > 0 ? Kernel.DrawNoise(noise) : [];
        if (corrects)
        {
            // m is the slope here. Half of the way is taken back along the first slope and gone along this one.
            double half = _advance / 2;
            Kernel.Step(new() { ModelFromSample = 0, ModelFromPrediction = 1, FromSample = 1, FromModel = half, FromHistory1 = -half }, prediction, sample, [], destination);
            _advance = 0;
            return;
        }

        double churned = sigma * (gamma + 1);
        double advance = Sigmas[call + 1] - churned;
        var step = new StepCoefficients
        {
            ModelFromSample = 0,
            ModelFromPrediction = sigma / churned,
            FromSample = 1,
            FromModel = advance,
            NoiseScale = Math.Sqrt((churned * churned) - (sigma * sigma)) * _options.ChurnNoise,
        };
        Kernel.Step(step, prediction, sample, z, destination);
        _advance = advance;
    }

    public override void Save(BinaryWriter writer)
    {
        base.Save(writer);
        writer.Write(_advance);
    }

    public override void Restore(BinaryReader reader)
    {
        base.Restore(reader);
        _advance = reader.ReadDouble();
    }

    private static SigmaGrid Lay(FlowMatchHeunOptions options, SamplingPlan plan)
    {
        // Every level but the first is asked twice: where a step ends and where the next one begins.
        double[] levels = FlowGrid.Create(plan, options);
        double[] sigmas = [levels[0], .. levels[1..].SelectMany(sigma => new[] { sigma, sigma })];
        double[] timesteps = Array.ConvertAll(sigmas, sigma => sigma * options.TrainingTimesteps);
        return new SigmaGrid(SigmaGrid.RoundToSingle(timesteps), SigmaGrid.Append(sigmas, 0));
    }
}
