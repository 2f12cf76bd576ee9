using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using DiffusionSharp.Emoji;
using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>How much memory this process has held at most, after loading a model and after using it. A process measures one thing.</summary>
internal static class PeakMemory
{
    /// <summary>The UNet of Stable Diffusion's size: loads it and runs it bare.</summary>
    public static void RunLarge(string folder, int runs, string[] settings)
    {
        long started = Stopwatch.GetTimestamp();
        using var model = new LargeUNet(folder, With(settings));
        Report("loaded", Stopwatch.GetElapsedTime(started).TotalSeconds);
        for (int i = 1; i <= runs; i++)
        {
            Report($"run {i}", model.RunBare());
        }

        ReportWeights(folder);
    }

    /// <summary>The embedded model: loads it and generates.</summary>
    public static void RunEmoji(int runs, string[] settings)
    {
        Report("start", 0);
        long started = Stopwatch.GetTimestamp();
        using DiffusionPipeline pipeline = EmojiPipeline.Load(new OnnxPipelineOptions { Onnx = With(settings) });
        Report("loaded", Stopwatch.GetElapsedTime(started).TotalSeconds);
        for (int i = 1; i <= runs; i++)
        {
            started = Stopwatch.GetTimestamp();
            pipeline.Generate(new TextToImageRequest("a red apple") { Seed = i });
            Report($"generation {i}", Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        ReportWeights(EmojiPipeline.ModelFolder);
    }

    /// <summary>A decoder: loads it and decodes one square picture, in tiles where they have a side.</summary>
    public static void RunDecoder(string folder, int side, int tile)
    {
        long started = Stopwatch.GetTimestamp();
        using var whole = new OnnxLatentDecoder(Path.Combine(folder, "model.onnx"));
        Report("loaded", Stopwatch.GetElapsedTime(started).TotalSeconds);
        ILatentDecoder decoder = tile == 0 ? whole : new TiledLatentDecoder(whole, new LatentTiling { TileSize = tile, WholeSize = 0 }, leaveOpen: true);
        nint latents = side / whole.LatentSpace.DownsamplingFactor;
        started = Stopwatch.GetTimestamp();
        decoder.Decode(Tensor.CreateFromShape<float>([1, whole.LatentSpace.Channels, latents, latents]), DecodingContext.None);
        Report($"{side}x{side}", Stopwatch.GetElapsedTime(started).TotalSeconds);
        ReportWeights(folder);
    }

    // Without settings as the library sets them; with some, as ONNX Runtime does and those changed.
    private static OnnxOptions With(string[] settings) =>
        settings.Length == 0 ? new OnnxOptions() : new OnnxOptions { CreateSessionOptions = () => SessionSettings.Create(settings) };

    private static void ReportWeights(string folder)
    {
        long bytes = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        Console.WriteLine($"model files: {bytes / 1e6:0} MB");
    }

    private static void Report(string what, double seconds) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {seconds:0.00} s, holds {Megabytes("VmRSS"):0} MB ({Megabytes("RssFile"):0} MB of it files), at most {Megabytes("VmHWM"):0} MB"));

    private static double Megabytes(string key) => ProcessStatus.Bytes(key) / 1e6;
}
