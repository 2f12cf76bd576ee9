using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Noise;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Benchmarks;

/// <summary>Tensor to pixels and back, 512x512, into memory that is there already; the baseline copies the tensor.</summary>
public class ImageConversionBenchmarks
{
    private const int Side = 512;

    private readonly float[] _copy = new float[3 * Side * Side];

    internal float[] Values { get; } = new float[3 * Side * Side];

    internal Tensor<float> Pixels { get; private set; } = null!;

    internal Image<Rgb24> Picture { get; private set; } = null!;

    [GlobalSetup]
    public void Setup()
    {
        new TorchCpuNoise(0).FillUniform(Values);
        Pixels = Tensor.Create(Values, [1, 3, Side, Side]);
        Picture = Pixels.ToImage();
    }

    [GlobalCleanup]
    public void Cleanup() => Picture.Dispose();

    [Benchmark(Baseline = true)]
    public void CopyTensor() => Values.CopyTo(_copy, 0);

    [Benchmark]
    public void TensorToImage() => Pixels.WriteTo(Picture);

    [Benchmark]
    public void ImageToTensor() => Picture.WriteTo(_copy);
}
