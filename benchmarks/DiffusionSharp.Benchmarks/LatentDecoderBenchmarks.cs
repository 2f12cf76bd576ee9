using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Benchmarks;

/// <summary>The embedded model's decoder, one picture, beside the bare session.</summary>
public class LatentDecoderBenchmarks
{
    private EmojiModel _bare = null!;
    private OnnxLatentDecoder _decoder = null!;
    private Tensor<float> _latents = null!;

    [GlobalSetup]
    public void Setup()
    {
        _bare = new EmojiModel(batch: 1);
        _decoder = new OnnxLatentDecoder(EmojiModel.PathOf("vae_decoder"));
        _latents = Tensor.CreateFromShape<float>([1, EmojiModel.LatentChannels, EmojiModel.LatentSide, EmojiModel.LatentSide]);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _decoder.Dispose();
        _bare.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void BareSession() => _bare.RunDecoder();

    [Benchmark]
    public Tensor<float> Decode() => _decoder.Decode(_latents, DecodingContext.None);
}
