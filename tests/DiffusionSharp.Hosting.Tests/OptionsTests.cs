using DiffusionSharp.Diffusers;
using DiffusionSharp.Emoji;
using DiffusionSharp.Guidance;
using DiffusionSharp.Hosting.Tests.Support;
using DiffusionSharp.OnnxRuntime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DiffusionSharp.Hosting.Tests;

public sealed class OptionsTests
{
    [Fact]
    public async Task The_embedded_model_is_a_folder_beside_the_application_and_options_are_its_defaults()
    {
        using IHost host = Hosts.Create(builder => builder.Services.AddDiffusionPipeline("emoji", Hosts.Section(
            ("Folder", "emoji-model"), ("Steps", "3"), ("GuidanceScale", "2.5"), ("Scheduler", "DPM++ 2M Karras"), ("WarmUp", "false"))));
        IDiffusionPipeline pipeline = await host.Pipelines().GetAsync("emoji");
        Assert.Equal(new GenerationDefaults { Width = 128, Height = 128, Steps = 3, GuidanceScale = 2.5f }, pipeline.Defaults);
        GenerationResult hosted = await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1 });

        using DiffusionPipeline plain = EmojiPipeline.Load();
        GenerationResult expected = await plain.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1, Steps = 3, GuidanceScale = 2.5f, Scheduler = pipeline.Scheduler });
        Assert.Equal("DPM-Solver multistep", hosted.Images[0].SchedulerName);
        Assert.Equal(expected.Images[0].Pixels.ToArray(), hosted.Images[0].Pixels.ToArray());
    }

    [Fact]
    public async Task A_folder_of_safetensors_is_seen_to_be_one()
    {
        using IHost host = Hosts.Create(builder => builder.Services.AddDiffusionPipeline("sd", Hosts.Section(("Folder", "models/stable-diffusion"), ("Variant", "fp16"), ("WarmUp", "false"))));
        IDiffusionPipeline pipeline = await host.Pipelines().GetAsync("sd");
        Assert.Single(pipeline.TextEncoders);
    }

    [Fact]
    public async Task Changes_to_the_weights_and_how_they_are_loaded_are_read_from_settings()
    {
        using IHost host = Hosts.Create(builder => builder.Services.AddDiffusionPipeline("sd", Hosts.Section(
            ("Folder", "models/stable-diffusion"), ("Variant", "fp16"), ("Loras:0:Path", "models/style.safetensors"), ("Loras:0:Scale", "0.5"), ("Loras:1:Path", "models/style.safetensors"), ("MapsWeights", "true"), ("WarmUp", "false"))));
        var request = new TextToImageRequest("a photo") { Seed = 1, Steps = 2 };
        GenerationResult hosted = await (await host.Pipelines().GetAsync("sd")).GenerateAsync(request);

        string Beside(string path) => Path.Combine(AppContext.BaseDirectory, path);
        LoraFile style = new(Beside("models/style.safetensors"));
        using DiffusionPipeline expected = DiffusersPipeline.Load(Beside("models/stable-diffusion"), new DiffusersPipelineOptions { Variant = "fp16", Loras = [style with { Scale = 0.5f }, style], MapsWeights = true });
        using DiffusionPipeline without = DiffusersPipeline.Load(Beside("models/stable-diffusion"), new DiffusersPipelineOptions { Variant = "fp16", MapsWeights = true });
        Assert.Equal(expected.Generate(request).Images[0].Pixels.ToArray(), hosted.Images[0].Pixels.ToArray());
        Assert.NotEqual(without.Generate(request).Images[0].Pixels.ToArray(), hosted.Images[0].Pixels.ToArray());
    }

    [Theory]
    [InlineData("Loras:0:Path", "style.safetensors", "Loras")]
    [InlineData("SingleFile", "model.safetensors", "SingleFile")]
    [InlineData("MapsWeights", "true", "MapsWeights")]
    [InlineData("Fast", "true", "Fast")]
    public async Task What_is_for_safetensors_is_refused_for_a_folder_of_onnx(string key, string value, string name)
    {
        using IHost host = Hosts.Create(builder => builder.Services.AddDiffusionPipeline("emoji", Hosts.Section(("Folder", "emoji-model"), (key, value))));
        NotSupportedException error = await Assert.ThrowsAsync<NotSupportedException>(() => host.Pipelines().GetAsync("emoji"));
        Assert.StartsWith($"{name} is for folders of safetensors, but '", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loader_is_told_what_the_options_say()
    {
        DiffusersPipelineOptions? told = null;
        using IHost host = Hosts.Create(builder => builder.Services.AddDiffusionPipeline("gated", Hosts.Section(
            ("Provider", "cuda"), ("DeviceId", "2"), ("FallBackToCpu", "true"), ("Threads", "3"), ("Spinning", "false"), ("Lifetime", "UnloadAfterUse"),
            ("GuidanceBatching", "CallEach"), ("BatchRows", "6"), ("CachedPrompts", "7"), ("PromptSyntax", "a1111"), ("Variant", "fp16"),
            ("SingleFile", "model.safetensors"), ("Fast", "true"), ("FastCacheFolder", "cache"), ("WarmUp", "false")))
            .Configure(options => options.Load = (how, _, _) =>
            {
                told = how;
                return new GatedModel().LoadAsync();
            }));
        await host.Pipelines().GetAsync("gated");
        Assert.Equal((ExecutionProvider.Cuda, 2, true, 3, false, SessionLifetime.UnloadAfterUse), (told!.Onnx.Provider, told.Onnx.DeviceId, told.Onnx.FallBackToCpu, told.Onnx.Threads, told.Onnx.Spinning, told.Onnx.Lifetime));
        Assert.Equal((GuidanceBatching.CallEach, 6, 7, "fp16"), (told.GuidanceBatching, told.Batching!.MaxRows, told.CachedPrompts, told.Variant));
        Assert.Same(Text.PromptSyntax.A1111, told.PromptSyntax);
        string Here(string path) => Path.Combine(AppContext.BaseDirectory, path);
        Assert.Equal((Here("model.safetensors"), Here("cache")), (told.SingleFile, told.Fast!.CacheFolder));
    }

    [Fact]
    public async Task Wrong_options_stop_the_application_at_its_start_and_are_all_named()
    {
        using IHost host = Hosts.Create(builder => builder.Services.AddDiffusionPipeline("emoji", Hosts.Section(
            ("Steps", "0"), ("GuidanceScale", "-1"), ("Scheduler", "Eulr"), ("PromptSyntax", "webui"), ("DeviceId", "-1"), ("Provider", "99"), ("OwnedBy", ""))));
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Equal("emoji", error.OptionsName);
        string[] failures = [.. error.Failures];
        string[] expected =
        [
            "The pipeline 'emoji': set one of Folder, the model folder, Load and LoadCascade.",
            "The pipeline 'emoji': Provider is 99, but must be one of Cpu, ",
            "The pipeline 'emoji': DeviceId is -1, but must be at least 0.",
            "The pipeline 'emoji': Steps is 0, but must be at least 1.",
            "The pipeline 'emoji': GuidanceScale is -1, but must be a finite number of at least 0.",
            "The pipeline 'emoji': OwnedBy is empty.",
            "The pipeline 'emoji': PromptSyntax is 'webui', but must be A1111, Lpw or Compel.",
            "The pipeline 'emoji': The sampler 'Eulr' is unknown; the nearest known one is Euler, ",
        ];
        Assert.Equal(expected.Length, failures.Length);
        Assert.All(expected.Zip(failures), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Folder_and_loader_exclude_each_other()
    {
        using IHost host = Hosts.Create(new GatedModel(), builder => builder.Services.Configure<DiffusionPipelineOptions>("gated", options => options.Folder = "emoji-model"));
        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
    }

    [Fact]
    public async Task A_sampler_that_a_model_cannot_take_is_refused_when_it_is_loaded()
    {
        using IHost host = Hosts.Create(builder => builder.Services.AddDiffusionPipeline("decoder").Configure(options =>
        {
            options.Scheduler = "Euler";
            options.Load = (_, _, _) => Task.FromResult(DiffusionPipeline.CreateBuilder().UseNoisePredictor(Prediction.NoisePredictor.FromFunction((_, _, _, _) => { })).UsePixelSpace()
                .UseScheduler(new Schedulers.FlowMatchEulerScheduler()).Build());
        }));
        NotSupportedException error = await Assert.ThrowsAsync<NotSupportedException>(() => host.Pipelines().GetAsync("decoder"));
        Assert.Contains("'Euler'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bounds_are_read_for_all_devices_and_for_one()
    {
        using IHost host = Hosts.Create(new GatedModel(), builder => builder.Services.ConfigureGenerationQueues(Hosts.Section(("Concurrency", "2"), ("QueueLength", "5"), ("Cuda1:Concurrency", "1"))));
        IOptionsMonitor<GenerationQueueOptions> bounds = host.Services.GetRequiredService<IOptionsMonitor<GenerationQueueOptions>>();
        Assert.Equal((2, 5), (bounds.Get("Cpu0").Concurrency, bounds.Get("Cpu0").QueueLength));
        Assert.Equal((1, 5), (bounds.Get("Cuda1").Concurrency, bounds.Get("Cuda1").QueueLength));
        Assert.Equal(new DeviceLoad(0, 0, 2, 5), host.Pipelines().GetLoad("gated"));
    }

    [Theory]
    [InlineData("Concurrency", "0")]
    [InlineData("QueueLength", "-1")]
    public async Task A_bound_that_cannot_be_is_refused_at_the_start(string key, string value)
    {
        using IHost host = Hosts.Create(new GatedModel(), builder => builder.Services.ConfigureGenerationQueues(Hosts.Section((key, value))));
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains($"The queue of Cpu0: {key} is {value}", error.Message, StringComparison.Ordinal);
    }
}
