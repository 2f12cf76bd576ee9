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
        DiffusionPipeline pipeline = host.Services.GetRequiredKeyedService<DiffusionPipeline>("second");
        Assert.Same(pipeline, host.Services.GetRequiredKeyedService<DiffusionPipeline>("second"));
        Assert.Equal((0, 1), (first.Loads, second.Loads));
        Assert.Same(host.Services.GetRequiredKeyedService<DiffusionPipeline>("first"), host.Services.GetRequiredService<DiffusionPipeline>());
        Assert.Equal((1, 1), (first.Loads, second.Loads));
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
