using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Noise;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Benchmarks;

/// <summary>Tensor to pixels and back, 512x512; the baseline copies the tensor.</summary>
public class ImageConversionBenchmarks
{
    private const int Side = 512;

    private readonly float[] _values = new float[3 * Side * Side];
    private readonly float[] _copy = new float[3 * Side * Side];
    private Tensor<float> _tensor = null!;
    private Image<Rgb24> _image = null!;

    [GlobalSetup]
    public void Setup()
    {
        new TorchCpuNoise(0).FillUniform(_values);
        _tensor = Tensor.Create(_values, [1, 3, Side, Side]);
        _image = _tensor.ToImage();
    }

    [GlobalCleanup]
    public void Cleanup() => _image.Dispose();

    [Benchmark(Baseline = true)]
    public void CopyTensor() => _values.AsSpan().CopyTo(_copy);

    [Benchmark]
    public void ToImage() => _tensor.ToImage().Dispose();

    [Benchmark]
    public Tensor<float> ToTensor() => _image.ToTensor();
}
