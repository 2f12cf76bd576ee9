using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Samples;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DiffusionSharp.Orleans.Tests.Processes;

/// <summary>Silos in processes of their own, with a Redis server and the embedded model, that are killed.</summary>
public sealed class KilledSilosTests : IDisposable
{
    private const int Jobs = 200;
    private const int Silos = 2;
    private const int Kills = 4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("farm-");

    [RedisFact]
    public async Task Two_hundred_jobs_survive_silos_that_are_killed_each_with_one_result_and_the_bits_of_one_machine()
    {
        using RedisServer redis = await RedisServer.StartAsync();
        var settings = new FarmSettings { Redis = redis.Address, Blobs = _folder.FullName };
        List<SiloProcess> silos = [.. await Task.WhenAll(Enumerable.Range(0, Silos).Select(_ => SiloProcess.StartAsync(settings)))];
        try
        {
            using IHost host = FarmHost.Client(settings);
            await host.StartAsync();
            var farm = host.Services.GetRequiredService<GenerationFarm>();
            TextToImageRequest[] requests = [.. Enumerable.Range(0, Jobs).Select(i => new TextToImageRequest(i % 2 == 0 ? "a red apple" : "a house") { Steps = 4, GuidanceScale = 1, Seed = i })];
            await Task.WhenAll(requests.Select((request, i) => farm.SubmitAsync(Name(i), Order(request) with { Tenant = $"{i % 3}" })));

            await KillAsync(silos, settings, farm);
            JobStatus[] done = await Task.WhenAll(Enumerable.Range(0, Jobs).Select(i => farm.WaitAsync(Name(i))));

            string[] pictures = [.. done.Select(job => Assert.Single(job.EnsureCompleted().Pictures))];
            Assert.Equal(Jobs, pictures.Distinct().Count());
            Assert.True(done.Sum(job => job.Attempt) > Jobs, "No silo was killed in the middle of a job.");
            await AssertSameAsAloneAsync(requests, pictures);

            // Whoever submits again is told what is there.
            JobStatus again = await farm.SubmitAsync(Name(0), Order(requests[0]) with { Tenant = "0" });
            Assert.Equal((JobState.Completed, done[0].Attempt), (again.State, again.Attempt));
            await host.StopAsync();
        }
        finally
        {
            silos.ForEach(silo => silo.Dispose());
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Name(int i) => $"job-{i}";

    private static GenerationOrder Order(TextToImageRequest request) => GenerationOrder.Of(FarmHost.Model, request) with { CheckpointEvery = 1 };

    // Whenever a number of jobs is left that the seed gives, a silo that the seed gives is killed, and a new one comes.
    private static async Task KillAsync(List<SiloProcess> silos, FarmSettings settings, GenerationFarm farm)
    {
        var random = new Random(5);
        int[] moments = [.. Enumerable.Range(0, Kills).Select(_ => random.Next(20, Jobs)).OrderDescending()];
        foreach (int moment in moments)
        {
            QueueStatus queue = await farm.GetQueueAsync(FarmHost.Model);
            while (queue.Waiting + queue.Running > moment)
            {
                await Task.Delay(20);
                queue = await farm.GetQueueAsync(FarmHost.Model);
            }

            int victim = random.Next(silos.Count);
            silos[victim].Kill();
            silos[victim].Dispose();
            silos[victim] = await SiloProcess.StartAsync(settings);
        }
    }

    private async Task AssertSameAsAloneAsync(TextToImageRequest[] requests, string[] pictures)
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load(FarmHost.Pipeline);
        var blobs = new FileBlobStore(_folder.FullName);
        await Parallel.ForAsync(0, requests.Length, async (i, cancellationToken) =>
        {
            using var alone = new MemoryStream();
            (await pipeline.GenerateAsync(requests[i], null, cancellationToken)).Images[0].SaveAsPng(alone);
            Assert.Equal(alone.ToArray(), await blobs.ReadAsync(pictures[i], cancellationToken));
        });
    }
}
