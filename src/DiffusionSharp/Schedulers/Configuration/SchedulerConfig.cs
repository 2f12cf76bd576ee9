using DiffusionSharp.Configuration;
using Microsoft.Extensions.Logging;

namespace DiffusionSharp.Schedulers;

/// <summary>Makes the scheduler that a model's <c>scheduler_config.json</c> describes, as Hugging Face diffusers reads it.</summary>
public static class SchedulerConfig
{
    private static readonly Lock Registering = new();

    // Replaced as a whole, so that whoever reads needs no lock.
    private static Dictionary<string, Func<SchedulerConfigReader, IScheduler>> _factories = new(StringComparer.Ordinal)
    {
        ["DDPMScheduler"] = DdpmConfig.Create,
        ["DDIMScheduler"] = DdimConfig.Create,
        ["EulerDiscreteScheduler"] = EulerConfig.Create,
        ["EulerAncestralDiscreteScheduler"] = EulerAncestralConfig.Create,
        ["HeunDiscreteScheduler"] = HeunConfig.Create,
        ["KDPM2DiscreteScheduler"] = Kdpm2Config.Create,
        ["KDPM2AncestralDiscreteScheduler"] = Kdpm2AncestralConfig.Create,
        ["LMSDiscreteScheduler"] = LmsConfig.Create,
        ["EDMEulerScheduler"] = EdmEulerConfig.Create,
        ["PNDMScheduler"] = PndmConfig.Create,
        ["IPNDMScheduler"] = IpndmConfig.Create,
        ["DPMSolverMultistepScheduler"] = DpmSolverConfig.Create,
        ["DPMSolverSinglestepScheduler"] = DpmSolverSinglestepConfig.Create,
        ["DPMSolverSDEScheduler"] = DpmSolverSdeConfig.Create,
        ["DEISMultistepScheduler"] = DeisConfig.Create,
        ["EDMDPMSolverMultistepScheduler"] = EdmDpmSolverConfig.Create,
        ["CosineDPMSolverMultistepScheduler"] = EdmDpmSolverConfig.CreateCosine,
        ["UniPCMultistepScheduler"] = UniPcConfig.Create,
        ["FlowMatchEulerDiscreteScheduler"] = FlowConfig.CreateEuler,
        ["FlowMatchHeunDiscreteScheduler"] = FlowConfig.CreateHeun,
        ["FlowMatchLCMScheduler"] = FlowConfig.CreateLcm,
        ["LCMScheduler"] = LcmConfig.Create,
        ["TCDScheduler"] = TcdConfig.Create,
        ["CMStochasticIterativeScheduler"] = ConsistencyConfig.Create,
        ["DDIMInverseScheduler"] = DdimInverseConfig.Create,
        ["UnCLIPScheduler"] = DdpmConfig.CreateUnclip,
        ["DDPMParallelScheduler"] = DdpmConfig.Create,
        ["DDIMParallelScheduler"] = DdimConfig.Create,
        ["DPMSolverMultistepInverseScheduler"] = DpmSolverInverseConfig.Create,
        ["SASolverScheduler"] = SaSolverConfig.Create,
        ["RePaintScheduler"] = RePaintConfig.Create,
        ["SCMScheduler"] = ScmConfig.Create,
        ["DDPMWuerstchenScheduler"] = WuerstchenConfig.Create,
        ["ScoreSdeVeScheduler"] = ScoreSdeVeConfig.Create,
        ["KarrasVeScheduler"] = KarrasVeConfig.Create,
    };

    /// <summary>The scheduler class names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyCollection<string> KnownClasses => _factories.Keys;

    /// <summary>Teaches a further class name to <see cref="Create"/>, and so to whatever loads model folders, in the whole process.</summary>
    /// <param name="className">The <c>_class_name</c> of its configurations.</param>
    /// <param name="create">Makes the scheduler of a configuration. Keys that it does not read are reported as unused.</param>
    /// <exception cref="ArgumentException">The name is empty or known already.</exception>
    public static void Register(string className, Func<SchedulerConfigReader, IScheduler> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(className);
        ArgumentNullException.ThrowIfNull(create);
        lock (Registering)
        {
            if (_factories.ContainsKey(className))
            {
                throw new ArgumentException($"A scheduler class '{className}' is known already.", nameof(className));
            }

            _factories = new(_factories, StringComparer.Ordinal) { [className] = create };
        }
    }

    /// <summary>Reads a configuration file.</summary>
    /// <param name="path">Path of a <c>scheduler_config.json</c>.</param>
    /// <param name="pipelineClass">
    /// The pipeline that the scheduler is for, <c>_class_name</c> of a folder's <c>model_index.json</c>: those of Stable Diffusion correct
    /// outdated configurations, as diffusers' constructors do, and those of Flux begin with even σ. Null to read what the file says.
    /// </param>
    /// <param name="logger">Told of each key that asks for something which is not done, and of corrections.</param>
    /// <returns>The scheduler.</returns>
    /// <exception cref="ModelFormatException">The file is missing, is not JSON, names an unknown class, or a value is of the wrong kind or out of range.</exception>
    public static IScheduler Load(string path, string? pipelineClass = null, ILogger? logger = null) => Read(ConfigFile.Load(path), pipelineClass, logger);

    /// <summary>Reads a configuration. Keys that are absent have diffusers' defaults.</summary>
    /// <param name="json">The text of a <c>scheduler_config.json</c>; its <c>_class_name</c> says which scheduler.</param>
    /// <param name="path">What to name in errors.</param>
    /// <param name="pipelineClass">As in <see cref="Load"/>.</param>
    /// <param name="logger">As in <see cref="Load"/>.</param>
    /// <returns>The scheduler.</returns>
    /// <exception cref="ModelFormatException">The text is not JSON, names an unknown class, or a value is of the wrong kind or out of range.</exception>
    public static IScheduler Create(string json, string path = "scheduler_config.json", string? pipelineClass = null, ILogger? logger = null) =>
        Read(ConfigFile.Parse(json, path), pipelineClass, logger);

    private static IScheduler Read(ConfigFile file, string? pipelineClass, ILogger? logger)
    {
        var reader = new SchedulerConfigReader(file, pipelineClass);
        string className = reader.Text("_class_name", null) ?? throw new ModelFormatException(file.Path, "the key '_class_name' is missing, so the scheduler is unknown.");
        if (!_factories.TryGetValue(className, out Func<SchedulerConfigReader, IScheduler>? create))
        {
            throw new ModelFormatException(file.Path, $"'_class_name' is '{className}'; the nearest known one is {NearestName.Of(className, KnownClasses)}, of {string.Join(", ", KnownClasses)}.");
        }

        OutdatedConfigurations.Correct(reader, pipelineClass);
        IScheduler scheduler;
        try
        {
            scheduler = create(reader);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new ModelFormatException(file.Path, e.Message, e);
        }

        if (logger is not null)
        {
            Report(file, className, reader, logger);
        }

        return scheduler;
    }

    private static void Report(ConfigFile file, string className, SchedulerConfigReader reader, ILogger logger)
    {
        foreach ((string key, string found, string used) in reader.Corrections())
        {
            logger.Corrected(file.Path, key, found, used);
        }

        foreach (string key in reader.UnusedKeys())
        {
            logger.KeyNotUsed(file.Path, key, className);
        }
    }
}
