using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DiffusionSharp.Hosting.Options;

/// <summary>Reads the bounds of all devices from a section, and those of one device from its own within.</summary>
internal sealed class QueueConfiguration(IConfiguration section) : IConfigureNamedOptions<GenerationQueueOptions>
{
    public void Configure(GenerationQueueOptions options) => section.Bind(options);

    public void Configure(string? name, GenerationQueueOptions options)
    {
        Configure(options);
        if (!string.IsNullOrEmpty(name))
        {
            section.GetSection(name).Bind(options);
        }
    }
}
