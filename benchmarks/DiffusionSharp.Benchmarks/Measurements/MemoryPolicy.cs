using System.Diagnostics;
using System.Globalization;
using DiffusionSharp.Emoji;
using DiffusionSharp.Guidance;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>
/// The peak resident memory (Linux's VmHWM) of a process that loads a model and makes one picture, each setting in a process of its own.
/// <c>memory-policy [FOLDER] [SIDE in pixels]</c>, the embedded model by default.
/// </summary>
internal static class MemoryPolicy
{
    private const int Runs = 3;
    private const string Child = "--one";

    public static void Run(string[] args)
    {
        if (args is [Child, var guidance, var models, var path, var pixels])
        {
            Measure(Enum.Parse<GuidanceBatching>(guidance), Enum.Parse<SessionLifetime>(models), path, int.Parse(pixels, CultureInfo.InvariantCulture));
            return;
        }

        string folder = args.ElementAtOrDefault(0) ?? EmojiPipeline.ModelFolder;
        string side = args.ElementAtOrDefault(1) ?? $"{EmojiPipeline.Defaults.Width}";
        Console.WriteLine($"{folder}, {side}x{side} pixels, median of {Runs} processes");
        Console.WriteLine("| guidance | models | after loading, MiB | peak, MiB |");
        Console.WriteLine("|---|---|---:|---:|");
        foreach (GuidanceBatching calls in Enum.GetValues<GuidanceBatching>())
        {
            foreach (SessionLifetime lifetime in Enum.GetValues<SessionLifetime>())
            {
                long[][] runs = [.. Enumerable.Range(0, Runs).Select(_ => InProcess([Child, $"{calls}", $"{lifetime}", folder, side]))];
                Console.WriteLine($"| {calls} | {lifetime} | {Median(runs, 0)} | {Median(runs, 1)} |");
            }
        }
    }

    private static long Median(long[][] runs, int column) => runs.Select(run => run[column]).Order().ElementAt(Runs / 2);

    private static void Measure(GuidanceBatching calls, SessionLifetime lifetime, string folder, int side)
    {
        var options = new OnnxPipelineOptions { GuidanceBatching = calls, Onnx = new OnnxOptions { Lifetime = lifetime } };
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder, options);
        long loaded = MiB("VmRSS");
        pipeline.Generate(new TextToImageRequest("a red apple") { Steps = 3, GuidanceScale = 4, Seed = 1, Width = side, Height = side });
        Console.WriteLine($"{loaded} {MiB("VmHWM")}");
    }

    private static long[] InProcess(string[] arguments)
    {
        string assembly = Path.Combine(AppContext.BaseDirectory, $"{typeof(MemoryPolicy).Assembly.GetName().Name}.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [assembly, "memory-policy", .. arguments]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? [.. output.Split().Where(word => word.Length > 0).Select(word => long.Parse(word, CultureInfo.InvariantCulture))] : throw new InvalidOperationException($"The process failed: {output}");
    }

    private static long MiB(string key) => ProcessStatus.Bytes(key) / (1024 * 1024);
}
