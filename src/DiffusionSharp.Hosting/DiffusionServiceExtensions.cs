using DiffusionSharp.Hosting.Lifetime;
using DiffusionSharp.Hosting.Options;
using DiffusionSharp.Hosting.Pipelines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DiffusionSharp.Hosting;

/// <summary>Adds pipelines to an application.</summary>
public static class DiffusionServiceExtensions
{
    /// <summary>
    /// Adds a pipeline, or a cascade: to <see cref="IDiffusionPipelineProvider"/>, and as an <see cref="IDiffusionPipeline"/> with its name as the key, the
    /// first one also without a key; who takes it so waits until it is loaded, and each of its generations then waits for a turn on the device
    /// (<see cref="IDiffusionPipelineProvider.EnterAsync"/>). Its options are checked when the application starts; then it is loaded and warmed up.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">A name for it.</param>
    /// <returns>Its options, to be configured.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public static OptionsBuilder<DiffusionPipelineOptions> AddDiffusionPipeline(this IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (services.Any(service => service.ImplementationInstance is PipelineRegistration known && known.Name == name))
        {
            throw new ArgumentException($"There is a pipeline '{name}' already.", nameof(name));
        }

        services.AddSingleton(new PipelineRegistration(name));
        services.AddKeyedSingleton<IDiffusionPipeline>(name, (provider, _) => TakingTurns(provider, name));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IDiffusionPipeline>(name));
        services.TryAddSingleton<IDiffusionPipelineProvider, DiffusionPipelineProvider>();
        services.TryAddSingleton<HostLifetime>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ShutdownService>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WarmUpService>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DiffusionPipelineOptions>, OptionsValidation>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GenerationQueueOptions>, QueueValidation>());
        return services.AddOptions<DiffusionPipelineOptions>(name).ValidateOnStart();
    }

    /// <summary>Adds a pipeline that a section of the configuration describes, with the keys of <see cref="DiffusionPipelineOptions"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">A name for it.</param>
    /// <param name="section">The section.</param>
    /// <returns>Its options, to be configured further.</returns>
    /// <inheritdoc cref="AddDiffusionPipeline(IServiceCollection, string)"/>
    public static OptionsBuilder<DiffusionPipelineOptions> AddDiffusionPipeline(this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddDiffusionPipeline(name).Bind(section);
    }

    /// <summary>Bounds the generations of devices by a section of the configuration, with the keys of <see cref="GenerationQueueOptions"/>; a device's own section in it, named <c>Cpu0</c> or <c>Cuda1</c>, is for that device alone.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection ConfigureGenerationQueues(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        return services.AddSingleton<IConfigureOptions<GenerationQueueOptions>>(new QueueConfiguration(section));
    }

    private static TurnTakingPipeline TakingTurns(IServiceProvider services, string name)
    {
        var pipelines = services.GetRequiredService<IDiffusionPipelineProvider>();
        return new TurnTakingPipeline(pipelines, name, pipelines.GetAsync(name).GetAwaiter().GetResult());
    }
}
