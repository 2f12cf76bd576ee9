using BenchmarkDotNet.Attributes;
using DiffusionSharp.Emoji;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Benchmarks;

/// <summary>
/// A whole generation on the embedded model, 20 steps with guidance, beside a bare loop of the same session runs: one text encoder run,
/// 20 UNet runs of batch 2, one decoder run, on bound buffers and with nothing in between.
/// </summary>
public class PipelineBenchmarks
{
    private const int Steps = 20;

    private EmojiModel _bare = null!;
    private DiffusionPipeline _pipeline = null!;

    /// <summary>Threads of each session; 0 is one per core.</summary>
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _bare = new EmojiModel(batch: 2, Threads);
        _pipeline = EmojiPipeline.Load(new OnnxPipelineOptions { Onnx = new OnnxOptions { Threads = Threads } });
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _pipeline.Dispose();
        _bare.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void BareLoop()
    {
        _bare.RunTextEncoder();
        for (int i = 0; i < Steps; i++)
        {
            Array.Fill(_bare.Timestep, 951 - (50 * i));
            _bare.RunUNet();
        }

        _bare.RunDecoder();
    }

    [Benchmark]
    public GenerationResult Pipeline() => _pipeline.Generate(new TextToImageRequest("a red apple") { Steps = Steps, GuidanceScale = 4, Seed = 1 });
}
