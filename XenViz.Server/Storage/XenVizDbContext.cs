using Microsoft.EntityFrameworkCore;

namespace XenViz.Server.Storage;

/// <summary>What outlives the process: the command logs of sessions and rooms.</summary>
public sealed class XenVizDbContext(DbContextOptions<XenVizDbContext> options) : DbContext(options);
