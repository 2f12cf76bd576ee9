namespace DiffusionSharp.Orleans.Tests.Processes;

/// <summary>A test that needs the program redis-server; skipped where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute()
    {
        if (RedisServer.Program is null)
        {
            Skip = "There is no redis-server in the PATH; Debian's package is called redis-server, too.";
        }
    }
}
