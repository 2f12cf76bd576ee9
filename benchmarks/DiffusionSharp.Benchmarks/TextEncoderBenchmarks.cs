using BenchmarkDotNet.Attributes;
using DiffusionSharp.Emoji;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Text;

namespace DiffusionSharp.Benchmarks;

/// <summary>The embedded model's text encoder, two prompts as for guidance, beside the bare session.</summary>
public class TextEncoderBenchmarks
{
    private EmojiModel _bare = null!;
    private OnnxTextEncoder _encoder = null!;
    private CachedTextEncoder _cached = null!;

    [GlobalSetup]
    public void Setup()
    {
        _bare = new EmojiModel(batch: 2);
        _encoder = new OnnxTextEncoder(EmojiModel.PathOf("text_encoder"), ClipTokenizer.Load(Path.Combine(EmojiPipeline.ModelFolder, "tokenizer")));
        _cached = new CachedTextEncoder(_encoder, leaveOpen: true);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _cached.Dispose();
        _encoder.Dispose();
        _bare.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void BareSession() => _bare.RunTextEncoder();

    [Benchmark]
    public TextEncoding Encode() => _encoder.Encode(["", "a slice of pizza on a teal background"]);

    [Benchmark]
    public TextEncoding EncodeRemembered() => _cached.Encode(["", "a slice of pizza on a teal background"]);
}
