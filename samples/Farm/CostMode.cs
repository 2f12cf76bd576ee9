using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Orleans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DiffusionSharp.Samples;

/// <summary>What processor time a job costs beyond its picture: the same requests through a farm of one silo in this process and without it, in turn, one after another.</summary>
internal static class CostMode
{
    private const int Rounds = 50;
    private const int Warming = 10;

    public static async Task RunAsync(FarmSettings settings, int steps, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("farm-");
        using IHost host = FarmHost.Silo((settings with { SiloPort = 0, GatewayPort = 0, Blobs = folder.FullName, Turns = 1 }).WithPorts());
        await host.StartAsync(cancellationToken);
        var farm = host.Services.GetRequiredService<GenerationFarm>();
        using DiffusionPipeline pipeline = EmojiPipeline.Load(FarmHost.Pipeline);
        string run = Guid.NewGuid().ToString("N")[..8];
        (double alone, double jobs) = (0, 0);
        for (int i = -Warming; i < Rounds; i++)
        {
            var request = new TextToImageRequest("a red apple") { Steps = steps, Seed = i + Warming };
            TimeSpan before = Environment.CpuUsage.TotalTime;
            using var stream = new MemoryStream();
            (await pipeline.GenerateAsync(request, null, cancellationToken)).Images[0].SaveAsPng(stream);
            TimeSpan between = Environment.CpuUsage.TotalTime;
            await farm.SubmitAsync($"{run}-{i}", GenerationOrder.Of(FarmHost.Model, request), cancellationToken);
            (await farm.WaitAsync($"{run}-{i}", cancellationToken)).EnsureCompleted();
            TimeSpan after = Environment.CpuUsage.TotalTime;
            if (i >= 0)
            {
                alone += (between - before).TotalMilliseconds / Rounds;
                jobs += (after - between).TotalMilliseconds / Rounds;
            }
        }

        Console.WriteLine(FormattableString.Invariant($"{Rounds} pictures of {steps} steps: {alone:0.0} ms of processor time each alone, {jobs:0.0} ms as jobs, {jobs - alone:0.0} ms more."));
        await host.StopAsync(cancellationToken);
        folder.Delete(recursive: true);
    }
}
