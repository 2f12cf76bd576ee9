using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DiffusionSharp.Orleans;

/// <summary>Registration of farms.</summary>
public static class FarmExtensions
{
    /// <summary>
    /// Lets a silo take part in a farm. Its host needs the pipelines of the models that it works for (<c>AddDiffusionPipeline</c>), an <see cref="IBlobStore"/>, and a
    /// grain storage of the name <see cref="GenerationFarm.StorageName"/>.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">Sets options; may be null.</param>
    /// <returns>The silo.</returns>
    public static ISiloBuilder AddGenerationFarm(this ISiloBuilder silo, Action<FarmOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddOptions<FarmOptions>().ValidateOnStart();
        silo.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FarmOptions>, FarmValidation>());
        silo.Services.Configure(configure ?? (static _ => { }));
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton<FarmWorker>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static services => services.GetRequiredService<FarmWorker>());
        silo.Services.TryAddSingleton<GenerationFarm>();
        return silo;
    }

    /// <summary>Lets a client of the cluster submit and watch: registers <see cref="GenerationFarm"/>.</summary>
    /// <param name="client">The client.</param>
    /// <returns>The client.</returns>
    public static IClientBuilder AddGenerationFarm(this IClientBuilder client)
    {
        ArgumentNullException.ThrowIfNull(client);
        client.Services.TryAddSingleton<GenerationFarm>();
        return client;
    }

    private sealed class FarmValidation : IValidateOptions<FarmOptions>
    {
        public ValidateOptionsResult Validate(string? name, FarmOptions options) =>
            options.Problem() is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
    }
}
