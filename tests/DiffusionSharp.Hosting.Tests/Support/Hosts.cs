using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DiffusionSharp.Hosting.Tests.Support;

/// <summary>Applications to be tested.</summary>
internal static class Hosts
{
    /// <summary>An application with nothing but what is added here.</summary>
    public static IHost Create(Action<HostApplicationBuilder> add)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        add(builder);
        return builder.Build();
    }

    /// <summary>An application with one model, which is loaded when it is first asked for.</summary>
    public static IHost Create(GatedModel model, Action<HostApplicationBuilder>? add = null) => Create(builder =>
    {
        builder.Services.AddModel("gated", model);
        add?.Invoke(builder);
    });

    public static IServiceCollection AddModel(this IServiceCollection services, string name, GatedModel model, bool warmUp = false)
    {
        services.AddDiffusionPipeline(name).Configure(options =>
        {
            options.Load = (_, _, _) => model.LoadAsync();
            options.WarmUp = warmUp;
        });
        return services;
    }

    public static IConfigurationSection Section(params ReadOnlySpan<(string Key, string Value)> values)
    {
        var all = new Dictionary<string, string?>();
        foreach ((string key, string value) in values)
        {
            all[$"section:{key}"] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(all).Build().GetSection("section");
    }

    public static IDiffusionPipelineProvider Pipelines(this IHost host) => host.Services.GetRequiredService<IDiffusionPipelineProvider>();

    /// <summary>Waits until something is so. That it never will be is seen by whoever waits for the tests.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            await Task.Delay(1);
        }
    }
}
