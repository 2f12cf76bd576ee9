using BenchmarkDotNet.Attributes;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Benchmarks;

/// <summary>Normal values, beside a plain scalar fill with the same generator's 32-bit outputs.</summary>
public class NoiseSourceBenchmarks
{
    private readonly TorchCpuNoise _noise = new(0);
    private readonly PlainMersenneTwister _plain = new(0);
    private float[] _values = [];

    /// <summary>Number of values.</summary>
    [Params(4 * 64 * 64, 8 * 4 * 128 * 128)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Setup() => _values = new float[Count];

    [Benchmark(Baseline = true)]
    public void PlainUniform() => _plain.Fill(_values);

    [Benchmark]
    public void Uniform() => _noise.FillUniform(_values);

    [Benchmark]
    public void Normal() => _noise.Fill(_values);
}
