using DiffusionSharp.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DiffusionSharp.Hosting.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public void A_pipeline_is_there_by_name_and_the_first_one_without()
    {
        GatedModel first = new(), second = new();
        using IHost host = Hosts.Create(builder => builder.Services.AddModel("first", first).AddModel("second", second));
        IDiffusionPipeline pipeline = host.Services.GetRequiredKeyedService<IDiffusionPipeline>("second");
        Assert.Same(pipeline, host.Services.GetRequiredKeyedService<IDiffusionPipeline>("second"));
        Assert.Equal((0, 1), (first.Loads, second.Loads));
        Assert.Same(host.Services.GetRequiredKeyedService<IDiffusionPipeline>("first"), host.Services.GetRequiredService<IDiffusionPipeline>());
        Assert.Equal((1, 1), (first.Loads, second.Loads));
    }

    [Fact]
    public async Task One_from_the_container_waits_for_its_turn()
    {
        GatedModel model = new();
        using IHost host = Hosts.Create(model, builder => builder.Services.ConfigureAll<GenerationQueueOptions>(options => (options.Concurrency, options.QueueLength) = (1, 0)));
        IDiffusionPipeline pipeline = host.Services.GetRequiredService<IDiffusionPipeline>();
        GenerationRequest request = new() { Seed = 1 };
        IAsyncEnumerable<DenoisingStep> steps = pipeline.StreamAsync(request);
        using (await host.Pipelines().EnterAsync("gated"))
        {
            await Assert.ThrowsAsync<GenerationRefusedException>(() => pipeline.GenerateAsync(request));
            await Assert.ThrowsAsync<GenerationRefusedException>(() => LastAsync(steps));
            Assert.Throws<ArgumentOutOfRangeException>(() => { _ = pipeline.StreamAsync(request with { Steps = 0 }); });
        }

        GenerationResult streamed = await LastAsync(pipeline.StreamAsync(request));
        Assert.Equal((await pipeline.GenerateAsync(request)).Images[0].Pixels.ToArray(), streamed.Images[0].Pixels.ToArray());
        using CancellationTokenSource stop = new();
        await foreach (DenoisingStep step in pipeline.StreamAsync(request, stop.Token))
        {
            Assert.Equal(1, host.Pipelines().GetLoad("gated").Running);
            using var checkpoint = new MemoryStream();
            step.SaveCheckpoint(checkpoint);
            checkpoint.Position = 0;
            IAsyncEnumerable<DenoisingStep> rest = pipeline.ResumeAsync(checkpoint);
            await Assert.ThrowsAsync<GenerationRefusedException>(() => LastAsync(rest));
            break;
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LastAsync(pipeline.StreamAsync(request, stop.Token)));
        Assert.Equal(0, host.Pipelines().GetLoad("gated").Running);

        static async Task<GenerationResult> LastAsync(IAsyncEnumerable<DenoisingStep> steps)
        {
            await foreach (DenoisingStep step in steps)
            {
                if (step.IsLast)
                {
                    return await step.DecodeResultAsync();
                }
            }

            throw new InvalidOperationException("There was no last step.");
        }
    }

    [Fact]
    public void Models_are_listed_in_order_and_without_being_loaded()
    {
        GatedModel first = new();
        DateTimeOffset created = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        using IHost host = Hosts.Create(builder =>
        {
            builder.Services.AddModel("first", first);
            builder.Services.AddDiffusionPipeline("emoji", Hosts.Section(("Folder", "emoji-model"), ("OwnedBy", "me"), ("Provider", "Cuda"), ("DeviceId", "1")));
            builder.Services.Configure<DiffusionPipelineOptions>("first", options => options.Created = created);
        });
        IReadOnlyList<DiffusionModel> models = host.Pipelines().Models;
        Assert.Equal(new DiffusionModel("first", "local", created, "Cpu0"), models[0]);
        Assert.Equal(new DiffusionModel("emoji", "me", File.GetLastWriteTimeUtc(Path.Combine(AppContext.BaseDirectory, "emoji-model", "model_index.json")), "Cuda1"), models[1]);
        Assert.Equal(2, models.Count);
        Assert.Equal(0, first.Loads);
    }

    [Fact]
    public void A_name_is_given_once()
    {
        ServiceCollection services = new();
        services.AddDiffusionPipeline("one");
        Assert.Contains("'one'", Assert.Throws<ArgumentException>(() => services.AddDiffusionPipeline("one")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => services.AddDiffusionPipeline(" "));
    }

    [Fact]
    public async Task An_unknown_name_is_answered_with_those_that_there_are()
    {
        using IHost host = Hosts.Create(builder => builder.Services.AddModel("first", new()).AddModel("second", new()));
        KeyNotFoundException error = await Assert.ThrowsAsync<KeyNotFoundException>(() => host.Pipelines().GetAsync("third"));
        Assert.Equal("There is no pipeline 'third'; there are: first, second.", error.Message);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => host.Pipelines().EnterAsync("third"));
    }

    [Fact]
    public async Task Without_a_host_pipelines_are_there_as_well()
    {
        await using ServiceProvider services = new ServiceCollection().AddModel("first", new()).BuildServiceProvider();
        GenerationResult result = await services.GetRequiredService<IDiffusionPipelineProvider>().GenerateAsync("first", new GenerationRequest { Seed = 1 });
        Assert.Single(result.Images);
    }
}
