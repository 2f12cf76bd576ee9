using BenchmarkDotNet.Attributes;
using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Benchmarks;

/// <summary>What classifier-free guidance costs around a model that costs nothing; the baseline is the one copy that it cannot do without.</summary>
public class GuidanceBenchmarks
{
    private readonly SampleShape _shape = new(1, 4, 64, 64);
    private float[] _source = [];
    private float[] _target = [];
    private IGuidanceRun _run = null!;

    [GlobalSetup]
    public void Setup()
    {
        _source = new float[_shape.Length];
        _target = new float[_shape.Length];
        INoisePredictor free = NoisePredictor.FromFunction(static (_, _, _, _) => { });
        _run = new ClassifierFreeGuidance().Start(free, new GuidancePlan(_shape, Conditioning.None) { Unconditional = Conditioning.None, Scale = 7.5f });
    }

    [GlobalCleanup]
    public void Cleanup() => _run.Dispose();

    [Benchmark(Baseline = true)]
    public void CopySample() => _source.AsSpan().CopyTo(_target);

    [Benchmark]
    public void ClassifierFree() => _run.Predict(500);
}
