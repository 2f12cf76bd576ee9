using System.Diagnostics;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Orleans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DiffusionSharp.Samples;

/// <summary>What a job costs beyond its picture: the same requests through a farm of one silo in this process and without it, in turn, one after another.</summary>
internal static class CostMode
{
    private const int Rounds = 50;

    public static async Task RunAsync(FarmSettings settings, int steps, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("farm-");
        using IHost host = FarmHost.Silo((settings with { SiloPort = 0, GatewayPort = 0, Blobs = folder.FullName, Turns = 1 }).WithPorts());
        await host.StartAsync(cancellationToken);
        var farm = host.Services.GetRequiredService<GenerationFarm>();
        using DiffusionPipeline pipeline = EmojiPipeline.Load(FarmHost.Pipeline);
        string run = Guid.NewGuid().ToString("N")[..8];
        var alone = new List<double>();
        var jobs = new List<double>();
        for (int i = 0; i < Rounds; i++)
        {
            var request = new TextToImageRequest("a red apple") { Steps = steps, Seed = i };
            long started = Stopwatch.GetTimestamp();
            using var stream = new MemoryStream();
            (await pipeline.GenerateAsync(request, null, cancellationToken)).Images[0].SaveAsPng(stream);
            alone.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);

            started = Stopwatch.GetTimestamp();
            await farm.SubmitAsync($"{run}-{i}", GenerationOrder.Of(FarmHost.Model, request), cancellationToken);
            (await farm.WaitAsync($"{run}-{i}", cancellationToken)).EnsureCompleted();
            jobs.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        Console.WriteLine(FormattableString.Invariant($"{Rounds} pictures of {steps} steps, medians: {Median(alone):0.0} ms alone, {Median(jobs):0.0} ms as jobs, {Median([.. jobs.Zip(alone, (job, picture) => job - picture)]):0.0} ms more each."));
        await host.StopAsync(cancellationToken);
        folder.Delete(recursive: true);
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
