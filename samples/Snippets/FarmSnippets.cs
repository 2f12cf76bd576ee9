using DiffusionSharp.Emoji;
using DiffusionSharp.Hosting;
using DiffusionSharp.Orleans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DiffusionSharp.Snippets;

internal static class FarmSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("farm", EmbeddedAsync)];

    private static async Task EmbeddedAsync()
    {
        string[] args = [];
        #region farm
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddDiffusionPipeline("emoji").Configure(options => options.Load = EmojiPipeline.LoadAsync);
        builder.Services.AddSingleton<IBlobStore>(new FileBlobStore("pictures"));
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering()
            .AddMemoryGrainStorage(GenerationFarm.StorageName)
            .AddGenerationFarm());
        using IHost host = builder.Build();
        await host.StartAsync();

        var farm = host.Services.GetRequiredService<GenerationFarm>();
        await farm.SubmitAsync("apple-1", GenerationOrder.Of("emoji", new TextToImageRequest("a red apple") { Seed = 1 }) with { PreviewEvery = 10 });
        await foreach (JobStatus status in farm.WatchAsync("apple-1"))
        {
            Console.WriteLine($"{status.State}, {status.Step} of {status.StepCount} steps, {status.Previews.Count} previews");
        }

        JobStatus done = (await farm.WaitAsync("apple-1")).EnsureCompleted();
        Console.WriteLine($"pictures/{done.Pictures[0]}");
        await host.StopAsync();
        #endregion
    }
}
