using BenchmarkDotNet.Attributes;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Benchmarks;

/// <summary>
/// What classifier-free guidance, and the engine that makes its predictions, cost around a model that costs nothing; the baseline is the one
/// copy that they cannot do without.
/// </summary>
public class GuidanceBenchmarks
{
    private readonly SampleShape _shape = new(1, 4, 64, 64);
    private float[] _source = [];
    private float[] _target = [];
    private StepPoint _at;
    private TermEngine _engine = null!;
    private IGuidanceRun _run = null!;

    [GlobalSetup]
    public void Setup()
    {
        _source = new float[_shape.Length];
        _target = new float[_shape.Length];
        _at = MiddleCall.Of(_shape);
        INoisePredictor free = NoisePredictor.FromFunction(static (_, _, _, _) => { });
        var guidance = new ClassifierFreeGuidance();
        double[] scales = [7.5];
        var plan = new GuidancePlan(_shape, new GenerationRequest(), scales, guidance.Terms(scales, schedulerNeedsUnconditional: false));
        var conditions = new ConditionContext(plan.Request, _shape, new CallGrid(1, 1, static step => step), plan, new GenerationNoise([new NoNoise()]), latentEncoder: null, encoders: []);
        _engine = new TermEngine(_shape, free, GuidanceBatching.OneCall, schedulerNeedsUnconditional: false, conditions, CancellationToken.None);
        _run = guidance.Start(plan);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _run.Dispose();
        _engine.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void CopySample() => _source.AsSpan().CopyTo(_target);

    [Benchmark]
    public void ClassifierFree()
    {
        _engine.Select(_at, _run);
        _engine.Predict(_at);
        _run.Combine(_at, _engine);
    }
}
