using BenchmarkDotNet.Attributes;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Benchmarks;

/// <summary>
/// One scheduler step with classifier-free guidance. The baseline copies as many bytes as the deterministic step reads and writes
/// (it reads three arrays and writes one; a copy of two arrays reads two and writes two).
/// </summary>
public class SchedulerStepBenchmarks
{
    private const int Middle = 25;

    private readonly NoNoise _noNoise = new();
    private readonly TorchCpuNoise _noise = new(0);
    private float[] _source = [];
    private float[] _target = [];
    private float[] _sample = [];
    private float[] _next = [];
    private float[] _conditional = [];
    private float[] _unconditional = [];
    private ISchedulerRun _ddim = null!;
    private ISchedulerRun _ddimClipped = null!;
    private ISchedulerRun _ddpm = null!;

    /// <summary>Shape of the sample.</summary>
    [Params("1x4x64x64", "8x4x128x128")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        int[] extents = Array.ConvertAll(Shape.Split('x'), int.Parse);
        var shape = new SampleShape(extents[0], extents[1], extents[2], extents[3]);
        _sample = Normals(shape.Length);
        _conditional = Normals(shape.Length);
        _unconditional = Normals(shape.Length);
        _next = new float[shape.Length];
        _source = new float[2 * shape.Length];
        _target = new float[2 * shape.Length];
        var plan = new SamplingPlan(50, shape);
        _ddim = new DdimScheduler(DdimOptions.StableDiffusion).Start(plan);
        _ddimClipped = new DdimScheduler(DdimOptions.StableDiffusion with { Clipping = SampleClipping.Clamp() }).Start(plan);
        _ddpm = new DdpmScheduler(DdpmOptions.StableDiffusion).Start(plan);
    }

    [Benchmark(Baseline = true)]
    public void CopySameBytes() => _source.AsSpan().CopyTo(_target);

    [Benchmark]
    public void Ddim() => Step(_ddim, _noNoise);

    [Benchmark]
    public void DdimClipped() => Step(_ddimClipped, _noNoise);

    [Benchmark]
    public void DdpmWithoutDrawing() => Step(_ddpm, _noNoise);

    [Benchmark]
    public void Ddpm() => Step(_ddpm, _noise);

    private void Step(ISchedulerRun run, INoiseSource noise) =>
        run.Step(Middle, new() { Conditional = _conditional, Unconditional = _unconditional, ConditionalWeights = [7.5], UnconditionalWeights = [-6.5] }, _sample, _next, noise);

    private float[] Normals(int length)
    {
        var values = new float[length];
        _noise.Fill(values);
        return values;
    }
}
