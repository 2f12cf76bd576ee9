using System.Numerics.Tensors;
using DiffusionSharp.ImageSharp;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>Tensor to pixels and back beside a copy of the tensor, pair by pair: into memory that is there, and with the result allocated on both sides.</summary>
internal static class Conversions
{
    private const int Pairs = 101;
    private const int Repeats = 10;

    public static void Run()
    {
        var benchmark = new ImageConversionBenchmarks();
        benchmark.Setup();
        Tensor<float> pixels = benchmark.Pixels;
        Image<Rgb24> picture = benchmark.Picture;
        Paired.Compare("tensor to picture / copy of the tensor", Pairs, benchmark.CopyTensor, benchmark.TensorToImage, Repeats);
        Paired.Compare("picture to tensor / copy of the tensor", Pairs, benchmark.CopyTensor, benchmark.ImageToTensor, Repeats);
        Paired.Compare("tensor to new picture / new copy of the tensor", Pairs, () => benchmark.Values.AsSpan().ToArray(), () => pixels.ToImage().Dispose(), Repeats);
        Paired.Compare("picture to new tensor / new copy of the tensor", Pairs, () => benchmark.Values.AsSpan().ToArray(), () => picture.ToTensor(), Repeats);
        benchmark.Cleanup();
    }
}
