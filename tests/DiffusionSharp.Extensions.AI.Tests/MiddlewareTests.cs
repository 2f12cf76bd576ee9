using System.Diagnostics;
using System.Text.Json;
using DiffusionSharp.Emoji;
using DiffusionSharp.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DiffusionSharp.Extensions.AI.Tests;

/// <summary>The middlewares of Microsoft.Extensions.AI around the generator.</summary>
[Collection(EmojiCollection.Name)]
public sealed class MiddlewareTests(EmojiModel model)
{
    [Fact]
    public async Task Options_go_through_ConfigureOptions_whole()
    {
        DiffusionImageOptions? seen = null;
        var progress = new Progress<GenerationProgress>();
        DiffusionImageOptions asked = new()
        {
            Seed = 3,
            Steps = 2,
            GuidanceScale = 1.5f,
            NegativePrompt = "a tree",
            Strength = 0.4,
            Mask = new DataContent(new byte[] { 1 }, "image/png"),
            MaskChannel = ImageSharp.MaskChannel.Opacity,
            Scheduler = "Euler",
            Progress = progress,
            StreamingCount = 2,
            ModelId = "emoji",
        };
        using IImageGenerator generator = model.Pipeline.AsImageGenerator("emoji").AsBuilder()
            .ConfigureOptions(options =>
            {
                seen = Assert.IsType<DiffusionImageOptions>(options);
                options.Count = 2;
                seen.Mask = null;
            })
            .Build();
        ImageGenerationResponse response = await generator.GenerateImagesAsync("a red apple", asked);
        Assert.Equal(2, response.Contents.Count);
        Assert.NotSame(asked, seen);
        Assert.NotNull(asked.Mask);
        Assert.Null(asked.Count);
        Assert.Equal(
            (3L, 2, 1.5f, "a tree", 0.4, ImageSharp.MaskChannel.Opacity, "Euler", (IProgress<GenerationProgress>)progress, 2, "emoji"),
            (seen!.Seed, seen.Steps, seen.GuidanceScale, seen.NegativePrompt, seen.Strength, seen.MaskChannel, seen.Scheduler, seen.Progress, seen.StreamingCount, seen.ModelId));
    }

    [Fact]
    public async Task Additional_properties_say_the_same_as_options()
    {
        using IImageGenerator generator = model.Pipeline.AsImageGenerator().AsBuilder()
            .ConfigureOptions(options => options.AdditionalProperties = new()
            {
                ["seed"] = 3,
                ["STEPS"] = "2",
                ["guidanceScale"] = 1.5,
                ["negativePrompt"] = "a tree",
                ["scheduler"] = JsonDocument.Parse("\"Euler\"").RootElement,
                ["strength"] = JsonDocument.Parse("null").RootElement,
            })
            .Build();
        ImageGenerationResponse said = await generator.GenerateImagesAsync("a red apple");
        ImageGenerationResponse expected = await model.Pipeline.AsImageGenerator().GenerateImagesAsync(
            "a red apple", new DiffusionImageOptions { Seed = 3, Steps = 2, GuidanceScale = 1.5f, NegativePrompt = "a tree", Scheduler = "Euler" });
        Assert.Equal(((DataContent)expected.Contents[0]).Data.ToArray(), ((DataContent)said.Contents[0]).Data.ToArray());
    }

    [Fact]
    public async Task OpenTelemetry_sees_the_model_and_the_generation_is_below_its_span()
    {
        const string source = "DiffusionSharp.Extensions.AI.Tests";
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = heard => heard.Name is source or "DiffusionSharp",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        using IImageGenerator generator = model.Pipeline.AsImageGenerator("emoji").AsBuilder().UseOpenTelemetry(sourceName: source).Build();
        await generator.GenerateImagesAsync("a red apple", new DiffusionImageOptions { Steps = 2, Count = 2 });
        Activity outer = Assert.Single(spans, span => span.Source.Name == source);
        Assert.Equal("generate_content emoji", outer.DisplayName);
        Assert.Equal(("emoji", "diffusionsharp", 2), (outer.GetTagItem("gen_ai.request.model"), outer.GetTagItem("gen_ai.provider.name"), outer.GetTagItem("gen_ai.request.choice.count")));
        Activity generation = Assert.Single(spans, span => span.OperationName == "generation");
        Assert.Equal(outer.SpanId, generation.ParentSpanId);
        Assert.Equal(2, generation.GetTagItem("diffusionsharp.steps"));
    }

    [Fact]
    public async Task Logging_sees_requests_and_failures()
    {
        using RecordingLogger log = new();
        using IImageGenerator generator = model.Pipeline.AsImageGenerator("emoji").AsBuilder().UseLogging(log).Build();
        await generator.GenerateImagesAsync("a red apple", new DiffusionImageOptions { Steps = 1, Seed = 4 });
        Assert.Contains(log.Lines, line => line.Contains("a red apple", StringComparison.Ordinal));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => generator.GenerateImagesAsync("a red apple", new DiffusionImageOptions { Steps = 0 }));
        Assert.Contains(log.Warnings, line => line.Contains("failed", StringComparison.Ordinal));
    }

    [Fact]
    public void Services_are_those_of_the_generator_and_none_has_a_key()
    {
        using IImageGenerator generator = model.Pipeline.AsImageGenerator("emoji").AsBuilder().UseOpenTelemetry().Build();
        ImageGeneratorMetadata metadata = Assert.IsType<ImageGeneratorMetadata>(generator.GetService(typeof(ImageGeneratorMetadata)));
        Assert.Equal(("diffusionsharp", null, "emoji"), (metadata.ProviderName, metadata.ProviderUri, metadata.DefaultModelId));
        Assert.Same(model.Pipeline, generator.GetService<DiffusionPipeline>());
        Assert.NotNull(generator.GetService<IImageGenerator>());
        Assert.Null(generator.GetService(typeof(DiffusionPipeline), "key"));
        Assert.Null(generator.GetService(typeof(string)));
    }

    [Fact]
    public async Task A_cascade_is_a_generator_as_a_pipeline_is()
    {
        Cascade cascade = Cascade.Start(model.Pipeline, request => request with { Steps = 1 }).Then(model.Pipeline, state => state.Request);
        using IImageGenerator generator = cascade.AsImageGenerator("twice");
        Assert.Same(cascade, generator.GetService<IDiffusionPipeline>());
        var drawn = (DataContent)Assert.Single((await generator.GenerateImagesAsync("a red apple", new DiffusionImageOptions { Steps = 2, Seed = 4 })).Contents);
        GenerationResult expected = await cascade.GenerateAsync(new TextToImageRequest("a red apple") { Steps = 2, Seed = 4 });
        Assert.Equal(expected.Images[0].Pixels.ToArray(), ((GeneratedImage)drawn.RawRepresentation!).Pixels.ToArray());
    }

    [Fact]
    public async Task A_generator_in_a_container_waits_for_its_turn()
    {
        ServiceCollection services = new();
        services.AddDiffusionPipeline("emoji").Configure(options => (options.Load, options.WarmUp) = (EmojiPipeline.LoadAsync, false));
        services.Configure<GenerationQueueOptions>("Cpu0", options => (options.Concurrency, options.QueueLength) = (1, 0));
        services.AddImageGenerator(provider => provider.GetRequiredService<IDiffusionPipeline>().AsImageGenerator("emoji"));
        await using ServiceProvider provider = services.BuildServiceProvider();
        var generator = provider.GetRequiredService<IImageGenerator>();
        DiffusionImageOptions options = new() { Steps = 1, Seed = 4 };
        using (await provider.GetRequiredService<IDiffusionPipelineProvider>().EnterAsync("emoji"))
        {
            await Assert.ThrowsAsync<GenerationRefusedException>(() => generator.GenerateImagesAsync("a red apple", options));
        }

        var drawn = (DataContent)Assert.Single((await generator.GenerateImagesAsync("a red apple", options)).Contents);
        var alone = (DataContent)Assert.Single((await model.Pipeline.AsImageGenerator("emoji").GenerateImagesAsync("a red apple", options)).Contents);
        Assert.Equal(alone.Data.ToArray(), drawn.Data.ToArray());
    }

    [Fact]
    public async Task The_pipeline_outlives_generators_and_those_in_a_container()
    {
        model.Pipeline.AsImageGenerator().AsBuilder().ConfigureOptions(_ => { }).Build().Dispose();
        ServiceCollection services = new();
        services.AddSingleton<ILoggerFactory>(new RecordingLogger());
        services.AddImageGenerator(_ => model.Pipeline.AsImageGenerator("emoji")).UseLogging();
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            Assert.Single((await provider.GetRequiredService<IImageGenerator>().GenerateImagesAsync("a red apple", new DiffusionImageOptions { Steps = 1 })).Contents);
        }

        Assert.Single((await model.Pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Steps = 1 })).Images);
    }
}
