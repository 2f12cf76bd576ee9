using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// The base that the kernel carries is what predictor and corrector of a step have in common: the weighted sample that the step begins with,
/// and its noise.
/// </summary>
internal sealed class SaSolverRun : LogSnrRun
{
    private readonly SaSolverOptions _options;
    private readonly double[] _taus;
    private int _taken;
    private int _correctorOrder;

    public SaSolverRun(SaSolverOptions options, SamplingPlan plan)
        : base(
            Lay(options, plan),
            options,
            options.PredictsNoise,
            new StepKernel(
                plan.Shape,
                options.Clipping,
                stochastic: true,
                History(options, options.PredictsNoise, Math.Max(options.PredictorOrder, options.CorrectorOrder) - 1),
                hasBase: true))
    {
        _options = options;
        _taus = new double[CallCount];
        for (int i = 0; i < CallCount; i++)
        {
            double timestep = LevelAt(i).Timestep;
            _taus[i] = RequireTau(options.Tau(timestep), timestep);
        }
    }

    // The reference implementation noises by ᾱ of the whole timestep, whatever σ the step has; with σ of flow matching that is another process.
    public override void AddNoise(int call, ReadOnlySpan<float> original, ReadOnlySpan<float> noise, Span<float> destination)
    {
        Level(call);
        if (_options.FlowSigmas)
        {
            base.AddNoise(call, original, noise, destination);
        }
        else
        {
            _options.Schedule.AddNoise(original, noise, (int)LevelAt(call).Timestep, destination);
        }
    }

    public override void Step(int call, in GuidedPrediction prediction, ReadOnlySpan<float> sample, Span<float> destination, INoiseSource noise)
    {
        Level(call);
        int left = _options.LowerOrderFinal ? CallCount - call : SaSolverOptions.MaximumOrder;
        int order = Math.Min(Math.Min(_options.PredictorOrder, left), _taken + 1);
        var next = new SaSolverStep(Points[call], Points[call + 1], _taus[call], _options.PredictsNoise);

        Span<double> weights = stackalloc double[SaSolverOptions.MaximumOrder];
        weights.Clear();
        Weigh(next, call, call, weights[..order]);
        StepCoefficients step = ForModel(call) with
        {
            Base = Corrected(call, next.FromSample) with { FromNoise = next.NoiseScale },
            FromBase = 1,
            FromModel = weights[0],
            FromHistory1 = weights[1],
            FromHistory2 = weights[2],
            FromHistory3 = weights[3],
        };
        Kernel.Step(step, prediction, sample, Kernel.DrawNoise(noise), destination);

        _correctorOrder = Math.Min(Math.Min(_options.CorrectorOrder, left + 1), _taken + 2);
        _taken++;
    }

    public override void Save(BinaryWriter writer)
    {
        base.Save(writer);
        writer.Write(_taken);
        writer.Write(_correctorOrder);
    }

    public override void Restore(BinaryReader reader)
    {
        base.Restore(reader);
        _taken = reader.ReadInt32();
        _correctorOrder = reader.ReadInt32();
    }

    private static SigmaGrid Lay(SaSolverOptions options, SamplingPlan plan)
    {
        var table = new SigmaTable(options.Schedule);
        bool isDefault = options.SigmaSpacing == SigmaSpacing.Default && !options.FlowSigmas;
        return LogSnrGrid.Create(plan, options, table, LogSnrGrid.Usable(table, options.LambdaMinimum), rounds: true, isDefault ? table.Minimum : null);
    }

    private static double RequireTau(double tau, double timestep) => tau >= 0 && double.IsFinite(tau)
        ? tau
        : throw new ArgumentException($"{nameof(SaSolverOptions.Tau)} gives {tau} at timestep {timestep}, but it must be a number of at least 0.", nameof(SaSolverOptions.Tau));

    // The sample that the step begins with, times a weight: that of the step before from its base, with m at its end known by now.
    private BaseCoefficients Corrected(int call, double weight)
    {
        if (_taken == 0)
        {
            return new BaseCoefficients { FromSample = weight };
        }

        Span<double> weights = stackalloc double[SaSolverOptions.MaximumOrder];
        weights.Clear();
        Weigh(new SaSolverStep(Points[call - 1], Points[call], _taus[call - 1], _options.PredictsNoise), call, call - 1, weights[.._correctorOrder]);
        return new BaseCoefficients
        {
            FromBase = weight,
            FromModel = weight * weights[0],
            FromHistory1 = weight * weights[1],
            FromHistory2 = weight * weights[2],
            FromHistory3 = weight * weights[3],
        };
    }

    // Of m at the newest point and at those before it, for a step that begins at another.
    private void Weigh(in SaSolverStep step, int newest, int from, Span<double> weights)
    {
        Span<double> points = stackalloc double[SaSolverOptions.MaximumOrder];
        for (int k = 0; k < weights.Length; k++)
        {
            points[k] = Points[newest - k].Lambda - Points[from].Lambda;
        }

        step.Weigh(points[..weights.Length], weights);
    }
}
