using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;

namespace DiffusionSharp.Diffusers.Lora;

/// <summary>The changes that a user's LoRA files make to each weight of a model.</summary>
internal static class LoraAdapters
{
    /// <summary>Reads the files.</summary>
    /// <param name="files">The files, whose changes add up.</param>
    /// <param name="networks">The weights of each network, by its folder.</param>
    /// <returns>The same weights, with their changes.</returns>
    /// <exception cref="ModelFormatException">A file is damaged, or was made for another model; the error names what in it has no place here.</exception>
    public static IReadOnlyDictionary<string, Checkpoint> Apply(IReadOnlyList<LoraFile> files, IReadOnlyDictionary<string, Checkpoint> networks)
    {
        if (files.Count == 0)
        {
            return networks;
        }

        var names = new LoraNames(networks);
        var adapters = networks.Keys.ToDictionary(network => network, _ => new Dictionary<string, IReadOnlyList<IWeightAdapter>>(StringComparer.Ordinal));
        foreach (LoraFile file in files)
        {
            IReadOnlyCollection<LoraTensors> modules = LoraTensors.Read(file.Path);
            string[] unknown = [.. modules.Select(module => module.Module).Where(module => names.Find(module).Count == 0)];
            if (unknown.Length > 0)
            {
                throw new ModelFormatException(file.Path, $"changes modules that this model does not have: {LoraTensors.Named(unknown)}; it was made for another model.");
            }

            foreach (LoraTensors module in modules)
            {
                foreach (LoraTarget target in names.Find(module.Module))
                {
                    Dictionary<string, IReadOnlyList<IWeightAdapter>> ofNetwork = adapters[target.Network];
                    ofNetwork[target.Module] = [.. ofNetwork.GetValueOrDefault(target.Module, []), new LoraAdapter(module, file.Scale, target)];
                }
            }
        }

        return networks.ToDictionary(network => network.Key, network => network.Value.With(adapters[network.Key]));
    }
}
