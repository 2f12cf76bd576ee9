using System.Diagnostics;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Orleans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace DiffusionSharp.Samples;

/// <summary>
/// Two silos, and this process, which submits. In the middle one of them is killed; the pictures must be those that this process draws alone. Without Redis this process
/// is the silo that the others join, and the state is in a SQLite file.
/// </summary>
internal sealed class DemoMode(FarmSettings settings, string[] prompts, int steps, string signal, string output)
{
    private const int MiddleStep = 20;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ImageFiles.RequireWritable(output);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("farm-");
        try
        {
            await RunAsync(Settings(folder.FullName), cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task RunAsync(FarmSettings here, CancellationToken cancellationToken)
    {
        using IHost host = here.Redis is null ? FarmHost.Silo(here) : FarmHost.Client(here);
        Task<SiloProcess[]> starting = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => SiloProcess.StartAsync(here with { PrimaryPort = here.Redis is null ? here.SiloPort : 0 }, cancellationToken)));
        if (here.Redis is not null)
        {
            await starting;
        }

        await host.StartAsync(cancellationToken);
        SiloProcess[] silos = await starting;
        try
        {
            var farm = host.Services.GetRequiredService<GenerationFarm>();
            TextToImageRequest[] requests = [.. prompts.Select((prompt, i) => new TextToImageRequest(prompt) { Steps = steps, Seed = i })];
            string run = Guid.NewGuid().ToString("N")[..8];
            string[] jobs = [.. requests.Select((_, i) => $"{run}-{i}")];
            for (int i = 0; i < jobs.Length; i++)
            {
                await farm.SubmitAsync(jobs[i], GenerationOrder.Of(FarmHost.Model, requests[i]), cancellationToken);
            }

            Console.WriteLine($"{jobs.Length} jobs are submitted to two silos.");
            await InterruptAsync(farm, jobs[0], silos, cancellationToken);
            JobStatus[] done = await Task.WhenAll(jobs.Select(job => farm.WaitAsync(job, cancellationToken)));
            await CompareAsync(requests, done, new FileBlobStore(here.Blobs), cancellationToken);
            await host.StopAsync(cancellationToken);
        }
        finally
        {
            Array.ForEach(silos, silo => silo.Dispose());
        }
    }

    private FarmSettings Settings(string folder) => settings with
    {
        Sqlite = settings.Redis is null ? Path.Combine(folder, "state.db") : null,
        SiloPort = FarmSettings.FreePort(),
        GatewayPort = FarmSettings.FreePort(),
        Blobs = Path.Combine(folder, "pictures"),
        Works = false,
    };

    /// <summary>Sends the signal to the silo that draws the job, once it is in the middle of it, and waits until another is further.</summary>
    private async Task InterruptAsync(GenerationFarm farm, string job, SiloProcess[] silos, CancellationToken cancellationToken)
    {
        JobStatus? before = null;
        long sent = 0;
        await foreach (JobStatus status in farm.WatchAsync(job, 0, cancellationToken))
        {
            if (before is null && status.Step >= MiddleStep && !status.IsEnded)
            {
                before = status;
                sent = Stopwatch.GetTimestamp();
                silos.Single(silo => silo.Is(status.Silo)).Send(signal);
                Console.WriteLine($"{status.Silo} gets the signal {signal}, while it is at step {status.Step} of {status.StepCount} of a picture.");
            }
            else if (before is not null && status.Attempt > before.Attempt)
            {
                Console.WriteLine(FormattableString.Invariant($"{status.Silo} is at step {status.Step} after {Stopwatch.GetElapsedTime(sent).TotalSeconds:0.0} s."));
                return;
            }
        }
    }

    private async Task CompareAsync(TextToImageRequest[] requests, JobStatus[] done, FileBlobStore blobs, CancellationToken cancellationToken)
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load(FarmHost.Pipeline);
        int side = pipeline.Defaults.Width;
        using var sheet = new Image<Rgb24>(side * done.Length, 2 * side);
        int equal = 0;
        for (int i = 0; i < done.Length; i++)
        {
            byte[] farm = (await blobs.ReadAsync(done[i].EnsureCompleted().Pictures[0], cancellationToken))!;
            using var alone = new MemoryStream();
            (await pipeline.GenerateAsync(requests[i], null, cancellationToken)).Images[0].SaveAsPng(alone);
            equal += farm.AsSpan().SequenceEqual(alone.ToArray()) ? 1 : 0;
            using Image<Rgb24> above = Image.Load<Rgb24>(farm), below = Image.Load<Rgb24>(alone.ToArray());
            sheet.Mutate(picture => picture.DrawImage(above, new Point(side * i, 0), 1).DrawImage(below, new Point(side * i, side), 1));
        }

        Console.WriteLine($"{done.Length} jobs are complete after {done.Sum(job => job.Attempt)} attempts; {equal} pictures are equal to the last bit to those of this process alone.");
        sheet.Save(output);
        SampleApp.ReportFile(output);
        if (equal < done.Length)
        {
            throw new InvalidOperationException($"{done.Length - equal} pictures differ.");
        }
    }
}
