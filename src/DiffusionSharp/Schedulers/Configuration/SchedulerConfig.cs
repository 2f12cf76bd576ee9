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
        ["UniPCMultistepScheduler"] = UniPcConfig.Create,
        ["FlowMatchEulerDiscreteScheduler"] = FlowConfig.CreateEuler,
        ["FlowMatchHeunDiscreteScheduler"] = FlowConfig.CreateHeun,
        ["LCMScheduler"] = LcmConfig.Create,
        ["TCDScheduler"] = TcdConfig.Create,
        ["CMStochasticIterativeScheduler"] = ConsistencyConfig.Create,
        ["DDIMInverseScheduler"] = DdimInverseConfig.Create,
        ["UnCLIPScheduler"] = DdpmConfig.CreateUnclip,
        ["DPMSolverMultistepInverseScheduler"] = DpmSolverInverseConfig.Create,
        ["SASolverScheduler"] = SaSolverConfig.Create,
        ["RePaintScheduler"] = RePaintConfig.Create,
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
    /// <param name="warn">Receives one line for each key that is not used; null to leave them unsaid.</param>
    /// <returns>The scheduler.</returns>
    /// <exception cref="ModelFormatException">The file is missing, is not JSON, names an unknown class, or a value is of the wrong kind.</exception>
    public static IScheduler Load(string path, Action<string>? warn = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string json;
        try
        {
            json = File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFormatException(path, "the scheduler's configuration is missing.", e);
        }

        return Create(json, path, warn);
    }

    /// <summary>Reads a configuration. Keys that are absent have diffusers' defaults.</summary>
    /// <param name="json">The text of a <c>scheduler_config.json</c>; its <c>_class_name</c> says which scheduler.</param>
    /// <param name="path">What to name in errors.</param>
    /// <param name="warn">Receives one line for each key that is not used; null to leave them unsaid.</param>
    /// <returns>The scheduler.</returns>
    /// <exception cref="ModelFormatException">The text is not JSON, names an unknown class, or a value is of the wrong kind.</exception>
    public static IScheduler Create(string json, string path = "scheduler_config.json", Action<string>? warn = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        var reader = SchedulerConfigReader.Parse(json, path);
        string className = reader.Text("_class_name", null) ?? throw new ModelFormatException(path, "the key '_class_name' is missing, so the scheduler is unknown.");
        if (!_factories.TryGetValue(className, out Func<SchedulerConfigReader, IScheduler>? create))
        {
            throw new ModelFormatException(path, $"'_class_name' is '{className}'; known are {string.Join(", ", KnownClasses)}.");
        }

        IScheduler scheduler;
        try
        {
            scheduler = create(reader);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new ModelFormatException(path, e.Message, e);
        }

        if (warn is not null)
        {
            foreach (string key in reader.UnusedKeys())
            {
                warn($"{path}: the key '{key}' is not used by {className}.");
            }
        }

        return scheduler;
    }
}
