using DiffusionSharp.Conditions;
using DiffusionSharp.Diffusers;
using DiffusionSharp.Hosting.Tests.Support;
using DiffusionSharp.OnnxRuntime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DiffusionSharp.Hosting.Tests;

/// <summary>Cascades of an application, which are what pipelines are there.</summary>
public sealed class CascadeTests : IDisposable
{
    private static readonly GenerationRequest Request = new() { Seed = 3, Steps = 4 };

    private readonly string _folder = Directory.CreateTempSubdirectory("cascades-").FullName;

    [Fact]
    public async Task Folders_that_follow_each_other_are_one_and_its_sampler_and_defaults_are_those_of_the_options()
    {
        using IHost host = Hosts.Create(builder => builder.Services.AddDiffusionPipeline("large", Hosts.Section(
            ("Folder", "models/emoji-classes"), ("Then:0", "models/emoji-upscaler"), ("Steps", "3"), ("Scheduler", "DDIM"))));
        await host.StartAsync();
        IDiffusionPipeline pipeline = await host.Pipelines().GetAsync("large");
        Assert.Equal((64, 64, 3), (pipeline.Defaults.Width, pipeline.Defaults.Height, pipeline.Defaults.Steps));
        GenerationRequest request = new() { ClassLabel = 2, Seed = 5, Parts = [new UpscalerSettings { Steps = 2 }] };
        GenerationResult hosted = await host.Pipelines().GenerateAsync("large", request);

        string Beside(string path) => Path.Combine(AppContext.BaseDirectory, "models", path);
        using Cascade expected = OnnxCascade.Load([Beside("emoji-classes"), Beside("emoji-upscaler")]);
        Assert.Equal("DDIM", hosted.Stages[0].Request.Scheduler!.ToString());
        GenerationResult drawn = await expected.GenerateAsync(request with { Steps = 3, Scheduler = pipeline.Scheduler });
        Assert.Equal(drawn.Images[0].Pixels.ToArray(), hosted.Images[0].Pixels.ToArray());
        await host.StopAsync();
    }

    [Fact]
    public async Task A_folder_of_safetensors_is_a_cascade_where_it_has_several_networks_in_sequence()
    {
        using IHost host = Hosts.Create(builder => builder.Services.AddDiffusionPipeline("unclip", Hosts.Section(("Folder", "models/unclip"))));
        await host.StartAsync();
        var request = new TextToImageRequest("a red apple") { Steps = 2, Seed = 5, Parts = [new UnclipSettings { PriorSteps = 2 }, new UpscalerSettings { Steps = 2 }] };
        GenerationResult hosted = await host.Pipelines().GenerateAsync("unclip", request);

        using Cascade expected = DiffusersCascade.Load(Path.Combine(AppContext.BaseDirectory, "models", "unclip"));
        Assert.Equal((await expected.GenerateAsync(request)).Images[0].Pixels.ToArray(), hosted.Images[0].Pixels.ToArray());
        Assert.Equal(3, hosted.Stages.Count);
        await host.StopAsync();
    }

    [Theory]
    [InlineData("Then:0", "models/stable-diffusion", "a folder of safetensors")]
    [InlineData("MapsWeights", "true", "MapsWeights is for folders of safetensors")]
    public async Task What_a_cascade_cannot_be_made_of_is_refused_by_name(string key, string value, string message)
    {
        using IHost host = Hosts.Create(builder => builder.Services.AddDiffusionPipeline("large", Hosts.Section(("Folder", "models/emoji-classes"), ("Then:0", "models/emoji-upscaler"), (key, value))));
        NotSupportedException error = await Assert.ThrowsAsync<NotSupportedException>(() => host.Pipelines().GetAsync("large"));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_options_stop_the_application_at_its_start()
    {
        using IHost host = Hosts.Create(builder => builder.Services.AddDiffusionPipeline("large", Hosts.Section(("Then:0", ""))).Configure(options =>
        {
            options.Load = (_, _, _) => new GatedModel().LoadAsync();
            options.LoadCascade = (_, _, _) => Twice(new GatedModel());
        }));
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Equal(
            [
                "The pipeline 'large': set one of Folder, the model folder, Load and LoadCascade.",
                "The pipeline 'large': Then follows Folder, which is not set.",
                "The pipeline 'large': Then has an empty folder.",
            ],
            error.Failures);
    }

    [Fact]
    public async Task All_stages_are_one_turn()
    {
        GatedModel model = new(isOpen: false);
        using IHost host = Create(model);
        Task<GenerationResult> running = host.Pipelines().GenerateAsync("twice", Request);
        await Hosts.UntilAsync(() => model.Calls == 1);
        model.Let(5);
        await Hosts.UntilAsync(() => model.Calls == 6);
        Assert.Equal(new DeviceLoad(1, 0, 1, 0), host.Pipelines().GetLoad("twice"));
        GenerationRefusedException refusal = await Assert.ThrowsAsync<GenerationRefusedException>(() => host.Pipelines().GenerateAsync("twice", Request));
        Assert.Equal(RefusalReason.QueueFull, refusal.Reason);
        model.Open();
        Assert.Equal([4, 4], (await running).Stages.Select(stage => stage.Timings.Steps));
        Assert.Equal(0, host.Pipelines().GetLoad("twice").Running);
    }

    [Fact]
    public async Task One_that_the_end_of_the_application_interrupts_in_its_second_stage_goes_on_there()
    {
        string path = Path.Combine(_folder, "job");
        GatedModel model = new(isOpen: false);
        using (IHost host = Create(model))
        {
            await host.StartAsync();
            Task<GenerationResult> running = host.Pipelines().GenerateAsync("twice", Request, checkpointPath: path);
            model.Let(5);
            await Hosts.UntilAsync(() => model.Calls == 6);
            Task stopping = host.StopAsync();
            await Hosts.UntilAsync(() => host.Services.GetRequiredService<Lifetime.HostLifetime>().Stopping.IsCancellationRequested);
            model.Open();
            await Assert.ThrowsAsync<GenerationInterruptedException>(() => running);
            await stopping;
        }

        GatedModel again = new();
        using IHost restarted = Create(again);
        var steps = new Stages();
        GenerationResult resumed = await restarted.Pipelines().GenerateAsync("twice", Request, steps, path);
        Assert.Equal(2, again.Calls);
        Assert.Equal([(1, 3), (1, 4)], steps.List);
        GenerationResult whole = await restarted.Pipelines().GenerateAsync("twice", Request);
        Assert.Equal(whole.Images[0].Pixels.ToArray(), resumed.Images[0].Pixels.ToArray());
        Assert.Equal(whole.Stages[0].Latents.ToArray(), resumed.Stages[0].Latents.ToArray());
    }

    [Fact]
    public async Task The_container_releases_its_pipelines()
    {
        IHost host = Create(new GatedModel());
        IDiffusionPipeline cascade = await host.Pipelines().GetAsync("twice");
        Assert.IsType<Cascade>(cascade);
        host.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { _ = cascade.StreamAsync(Request); });
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IHost Create(GatedModel model) => Hosts.Create(builder =>
    {
        builder.Services.AddDiffusionPipeline("twice").Configure(options => (options.LoadCascade, options.WarmUp) = ((_, _, _) => Twice(model), false));
        builder.Services.ConfigureAll<GenerationQueueOptions>(options => (options.Concurrency, options.QueueLength) = (1, 0));
    });

    private static async Task<Cascade> Twice(GatedModel model)
    {
        DiffusionPipeline pipeline = await model.LoadAsync();
        return Cascade.Start(pipeline).Then(pipeline, state => state.Request).Owning();
    }

    private sealed class Stages : IProgress<GenerationProgress>
    {
        public List<(int Stage, int Step)> List { get; } = [];

        public void Report(GenerationProgress value) => List.Add((value.Stage, value.Step));
    }
}
